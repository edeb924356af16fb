# Rules for what an extension's native Makefile has said, see plugin.mk. At its end. APART names files that are not in one piece
# with the rest, because they have functions of the same names.
TEST_CASES := $(filter %main.cpp %_test.cpp,$(TEST_SRC))
$(eval $(call in_one_piece,$(OUT)/test.o,$(TEST_CASES),$$(TEST_CXXFLAGS) -Itest -I$$(KIT)))
# The network that they are played, which lives through whole days: as quick as what is tested.
$(eval $(call in_one_piece,$(OUT)/test_support.o,$(filter-out $(TEST_CASES),$(TEST_SRC)),$$(CXXFLAGS) -g1 -Itest -I$$(KIT)))
ifdef PIECE
$(eval $(call in_one_piece,$(PIECE),$(IN_PIECE),$$(CXXFLAGS)))
endif

-include $(OBJ:.o=.d) $(TEST_OBJ:.o=.d)

include $(ROOT)/native/plugin_darwin.mk
