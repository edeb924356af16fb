#include "allocation_count.hpp"

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TUTTI_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TUTTI_SANITIZED 1
#endif
#endif

static thread_local uint64_t count = 0;

uint64_t tutti::test::allocations() noexcept {
    return count;
}

#if defined(TUTTI_SANITIZED)

// The sanitizers own malloc; they call these hooks.
extern "C" __attribute__((visibility("default"))) void __sanitizer_malloc_hook(const volatile void*, size_t) {
    ++count;
}
extern "C" __attribute__((visibility("default"))) void __sanitizer_free_hook(const volatile void*) {}

#else

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);

__attribute__((visibility("default"))) void* malloc(size_t bytes) noexcept {
    ++count;
    return __libc_malloc(bytes);
}

__attribute__((visibility("default"))) void* calloc(size_t items, size_t bytes) noexcept {
    ++count;
    return __libc_calloc(items, bytes);
}

__attribute__((visibility("default"))) void* realloc(void* memory, size_t bytes) noexcept {
    ++count;
    return __libc_realloc(memory, bytes);
}
}

#endif
