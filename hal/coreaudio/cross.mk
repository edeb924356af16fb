# Compiles the driver as a Mac would load it, on a machine that is no Mac: Debian's clang and lld against the darwin libc
# headers of an npm package (scripts/darwin-sdk.mjs fetches them into build/darwin/sdk). Proves that it compiles, links
# and what it imports; not that macOS loads it.
DARWIN := $(ROOT)/build/darwin
SDK := $(DARWIN)/sdk
LLVM := /usr/lib/llvm-14
BUNDLE := $(DARWIN)/Tutti.driver
DARWIN_SRC := $(SRC) engine_link_xpc_macos.cpp
DARWIN_FLAGS := -isysroot $(SDK) -nostdinc++ -isystem $(LLVM)/include/c++/v1 -std=c++17 $(WARNINGS) -Os -g0 \
	-I. -I.. -I$(ROOT)/hal/include -isystem abi -fno-exceptions -fno-rtti -fno-threadsafe-statics \
	-fvisibility=hidden -MMD -MP
DARWIN_LINK := -isysroot $(SDK) -fuse-ld=lld -bundle -nostdlib++ cross/CoreFoundation.tbd \
	-Wl,-exported_symbol,_TuttiDriverFactory -Wl,-dead_strip -Wl,-adhoc_codesign

.PHONY: cross inspect
cross: $(BUNDLE)/Contents/MacOS/Tutti $(BUNDLE)/Contents/Info.plist

# $(1): architecture.
define darwin_slice
$(DARWIN)/$(1)/client/%.o: ../client/%.cpp Makefile cross.mk
	@mkdir -p $$(@D)
	$(LLVM)/bin/clang++ -target $(1)-apple-macos13.0 $(DARWIN_FLAGS) -c $$< -o $$@
$(DARWIN)/$(1)/%.o: %.cpp Makefile cross.mk
	@mkdir -p $$(@D)
	$(LLVM)/bin/clang++ -target $(1)-apple-macos13.0 $(DARWIN_FLAGS) -c $$< -o $$@
$(DARWIN)/$(1)/Tutti: $(DARWIN_SRC:%.cpp=$(DARWIN)/$(1)/%.o) $(CLIENT_SRC:%.cpp=$(DARWIN)/$(1)/%.o) cross/CoreFoundation.tbd
	$(LLVM)/bin/clang++ -target $(1)-apple-macos13.0 $(DARWIN_LINK) $$(filter %.o,$$^) -o $$@
-include $(DARWIN_SRC:%.cpp=$(DARWIN)/$(1)/%.d) $(CLIENT_SRC:%.cpp=$(DARWIN)/$(1)/%.d)
endef
$(eval $(call darwin_slice,x86_64))
$(eval $(call darwin_slice,arm64))

$(BUNDLE)/Contents/MacOS/Tutti: $(DARWIN)/x86_64/Tutti $(DARWIN)/arm64/Tutti
	@mkdir -p $(@D)
	$(LLVM)/bin/llvm-lipo -create $^ -output $@

$(BUNDLE)/Contents/Info.plist: Info.plist
	@mkdir -p $(@D)
	cp $< $@

# Needs build/darwin/sdk (node scripts/darwin-sdk.mjs) and Debian's clang-14, lld-14, llvm-14 and libc++-14-dev.
inspect: cross
	node $(ROOT)/scripts/inspect-bundle.mjs $(BUNDLE)
