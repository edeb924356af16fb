# Compiles the driver as a Mac would load it, on a machine that is no Mac. Proves that it compiles, links,
# what it imports, and that this machine's processor executes it; not that macOS loads it.
include $(ROOT)/native/darwin.mk
BUNDLE := $(DARWIN)/Tutti.driver
DARWIN_SRC := $(SRC) engine_link_xpc_macos.cpp
DARWIN_FLAGS := -std=c++17 $(WARNINGS) -Os -g0 -I. -I.. -I$(ROOT)/hal/include -isystem abi -fno-exceptions -fno-rtti \
	-fno-threadsafe-statics -fvisibility=hidden -MMD -MP
DRIVER_LINK := $(DARWIN_LINK) cross/CoreFoundation.tbd -Wl,-exported_symbol,_TuttiDriverFactory

.PHONY: cross inspect test-macos test-macho test-macho-arm64
cross: $(BUNDLE)/Contents/MacOS/Tutti $(BUNDLE)/Contents/Info.plist

# $(1): architecture.
define darwin_slice
$(DARWIN)/$(1)/client/%.o: ../client/%.cpp Makefile cross.mk
	@mkdir -p $$(@D)
	$(call darwin_cxx,$(1)) $(DARWIN_FLAGS) -c $$< -o $$@
$(DARWIN)/$(1)/%.o: %.cpp Makefile cross.mk
	@mkdir -p $$(@D)
	$(call darwin_cxx,$(1)) $(DARWIN_FLAGS) -c $$< -o $$@
$(DARWIN)/$(1)/Tutti: $(DARWIN_SRC:%.cpp=$(DARWIN)/$(1)/%.o) $(CLIENT_SRC:%.cpp=$(DARWIN)/$(1)/%.o) cross/CoreFoundation.tbd
	$(call darwin_cxx,$(1)) $(DRIVER_LINK) $$(filter %.o,$$^) -o $$@
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

# What abi_layout.cpp says of our own headers must be so of Apple's. They are in no package: this is for who has an SDK,
# as SDKROOT says it to Apple's own tools. -H names the headers on standard error: scripts/inspect-abi-switch.mjs reads them.
.PHONY: abi-layout
abi-layout:
	@test -e "$(SDKROOT)/SDKSettings.json" || { echo "SDKROOT='$(SDKROOT)' is no SDK" >&2; exit 1; }
	for architecture in x86_64 arm64; do \
		$(LLVM)/bin/clang++ -target $$architecture-apple-macos13.0 -isysroot $(SDKROOT) -nostdinc++ -std=c++17 $(WARNINGS) \
			-fsyntax-only $(ABI_LAYOUT_FLAGS) abi_layout.cpp || exit 1; \
	done
ifneq ($(SDKROOT),)
test-build: abi-layout
endif

# For the tests of the whole.
.PHONY: bundle
bundle:
	node $(ROOT)/scripts/darwin-sdk.mjs
	@$(MAKE) --no-print-directory cross

inspect: cross
	node $(ROOT)/scripts/inspect-bundle.mjs $(BUNDLE)

# All that can be said of what a Mac would load without a Mac. One after the other: each is a program with a summary of
# its own.
test-macos: bundle
	@$(MAKE) --no-print-directory -C $(ROOT)/native cross
	@set -e; for folder in $(dir $(wildcard $(ROOT)/extensions/*/native/Makefile)); do \
		$(MAKE) --no-print-directory -C $$folder cross; \
	done
	@node $(ROOT)/scripts/inspect-abi-switch.mjs
	@$(MAKE) --no-print-directory inspect
	@$(MAKE) --no-print-directory test-macho
	@$(MAKE) --no-print-directory test-macho-arm64

# The bundle's part for this machine's architecture, loaded by test/macho_image.cpp: all tests, with the same stand-ins.
test-macho: cross test-build
	TUTTI_DRIVER_MACHO=$(BUNDLE)/Contents/MacOS/Tutti $(OBJ)/coreaudio_test

# Its part for arm64, emulated. Without what an emulator cannot do (forbid itself system calls) or takes too long for.
ARM_BUILD := $(ROOT)/build/aarch64
test-macho-arm64: cross
	@$(MAKE) --no-print-directory BUILD=$(ARM_BUILD) CXX="aarch64-linux-gnu-g++ -idirafter /usr/include" \
		$(ARM_BUILD)/coreaudio/coreaudio_test
	TUTTI_DRIVER_MACHO=$(BUNDLE)/Contents/MacOS/Tutti qemu-aarch64 -L /usr/aarch64-linux-gnu \
		$(ARM_BUILD)/coreaudio/coreaudio_test --test-case-exclude='*system call*,*eight hours*'
