# Compiling for a Mac on a machine that is none: Debian's clang 19 and lld 19, and what scripts/darwin-sdk.mjs fetches.
# The first C++ library with std::atomic_ref is LLVM 19's.
DARWIN := $(ROOT)/build/darwin
DARWIN_SDK := $(DARWIN)/sdk
LLVM := /usr/lib/llvm-19
# $(call darwin_cxx,ARCHITECTURE)
darwin_cxx = $(LLVM)/bin/clang++ -target $(1)-apple-macos13.0 -isysroot $(DARWIN_SDK) -nostdinc++ -isystem $(DARWIN)/libcxx
DARWIN_LINK := -fuse-ld=lld -bundle -nostdlib++ -Wl,-dead_strip -Wl,-adhoc_codesign -Wl,-no_fixup_chains

# Engine, addons and extensions as a Mac would load them. Nothing here can run them. Each in one piece, because that takes
# a tenth of the time; so two files may not have functions of one name, even if each keeps its own to itself. But what
# no other system compiles is compiled file by file too, so that each includes what it needs.
MAC_FLAGS := -std=c++20 $(WARNINGS) -O0 -g0 -fvisibility=hidden -MMD -MP -I. -I$(ROOT)/hal/include -I$(ROOT)/native/include

# $(eval $(call mac_object,NAME,SOURCES))
define mac_object
$(DARWIN)/x86_64/$(1).o $(DARWIN)/arm64/$(1).o: $(DARWIN)/%/$(1).o: $(2) Makefile
	$$(call compile_as_one,$(2),$$(call darwin_cxx,$$*) $$(MAC_FLAGS) $$(MAC_PRECOMPILED))
endef

# $(call mac_only,FOLDER,SOURCES): objects of what is a Mac's only. Their rule is $(compile_mac_only).
mac_only = $(2:%.cpp=$(DARWIN)/arm64/$(1)/%.o)
define compile_mac_only
@mkdir -p $(@D)
$(call darwin_cxx,arm64) $(MAC_FLAGS) -c $< -o $@
endef
