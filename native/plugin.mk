# Shared by the extensions' native Makefiles, after build.mk. Before it: NAME, the library's name. Whoever includes it says what
# OBJ (of the library) and TEST_OBJ are, in terms of OUT, and links them.
.DEFAULT_GOAL := all
OUT := $(BUILD)/$(NAME)
# What extensions have in common lies where it was first needed.
AES67 := $(ROOT)/extensions/aes67/native/src
# The native half of @tutti/test.
KIT := $(ROOT)/core/test-kit/native
# Sanitized code must never become the product.
LIBRARY_plain := $(abspath ../dist/native/$(NAME).so)
# The sanitizers' own symbols are found in the program that loads the library.
NO_UNDEFINED_plain := -Wl,-z,defs
LIBRARY := $(or $(LIBRARY_$(VARIANT)),$(OUT)/$(NAME).so)

.PHONY: all test test-build
all: $(LIBRARY)
test-build: $(OUT)/$(NAME)_test $(LIBRARY)

$(LIBRARY):
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -shared $(NO_UNDEFINED_$(VARIANT)) -o $@ $^

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
