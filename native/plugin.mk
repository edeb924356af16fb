# Shared by the extensions' native Makefiles, after build.mk. Before it: NAME, the library's name. Whoever includes it says what
# SRC, AES67_SRC (of the library, for all systems; the latter below $(AES67)) and TEST_SRC are, links OBJ and TEST_OBJ, and
# includes plugin_rules.mk at its end.
OUT := $(BUILD)/$(NAME)
# What extensions have in common lies where it was first needed.
AES67 := $(ROOT)/extensions/aes67/native/src
# The native half of @tutti/test.
KIT := $(ROOT)/core/test-kit/native
# Sanitized code must never become the product.
LIBRARY_plain := $(abspath ../dist/native/$(NAME)$(if $(filter Darwin,$(UNAME)),.dylib,.so))
ifeq ($(UNAME),Darwin)
LIBRARY_LINK := -bundle
else
LIBRARY_LINK := -shared
endif
OBJ = $(patsubst src/%.cpp,$(OUT)/%.o,$(filter-out $(OTHER_SYSTEMS) $(IN_PIECE),$(SRC))) \
	$(patsubst $(AES67)/%.cpp,$(OUT)/aes67/%.o,$(filter-out $(OTHER_SYSTEMS) $(IN_PIECE),$(AES67_SRC:%=$(AES67)/%))) $(PIECE)
# What is sanitized is in one piece, but for the library's entry, which some tests do without, and what plugin_rules.mk says.
ifneq ($(VARIANT),plain)
PIECE := $(OUT)/piece.o
IN_PIECE = $(filter-out $(OTHER_SYSTEMS) %/plugin.cpp $(addprefix %/,$(APART)),$(SRC) $(AES67_SRC:%=$(AES67)/%))
endif
# In this order: of what both compiled of a header, the linker takes the first, which is the quicker.
TEST_OBJ := $(OUT)/test_support.o $(OUT)/test.o
LIBRARY := $(or $(LIBRARY_$(VARIANT)),$(OUT)/$(NAME).so)

.PHONY: all test test-build
all: $(LIBRARY)
test-build: $(OUT)/$(NAME)_test $(LIBRARY)

$(LIBRARY):
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) $(LIBRARY_LINK) $(NO_UNDEFINED_$(VARIANT)) -o $@ $^

$(OUT)/%.o: src/%.cpp
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -c -o $@ $<

$(OUT)/aes67/%.o: $(AES67)/%.cpp
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -c -o $@ $<

$(OUT)/test/%.o: test/%.cpp
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -Itest -I$(KIT) -c -o $@ $<

$(OUT)/kit/%.o: $(KIT)/%.cpp
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -c -o $@ $<

# What other programs take of the tests.
-include $(wildcard $(OUT)/test/*.d $(OUT)/test/*/*.d)
