# Compiling for a Mac on a machine that is none: Debian's clang 19 and lld 19, and what scripts/darwin-sdk.mjs fetches.
# The first C++ library with std::atomic_ref is LLVM 19's.
DARWIN := $(ROOT)/build/darwin
DARWIN_SDK := $(DARWIN)/sdk
LLVM := /usr/lib/llvm-19
# $(call darwin_cxx,ARCHITECTURE)
darwin_cxx = $(LLVM)/bin/clang++ -target $(1)-apple-macos13.0 -isysroot $(DARWIN_SDK) -nostdinc++ -isystem $(DARWIN)/libcxx
DARWIN_LINK := -fuse-ld=lld -bundle -nostdlib++ -Wl,-dead_strip -Wl,-adhoc_codesign -Wl,-no_fixup_chains
