#include "allocation_guard.hpp"

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define TUTTI_INTERPOSE 0
#else
#define TUTTI_INTERPOSE 1
#endif

namespace {
thread_local bool watching = false;
thread_local uint64_t allocations = 0;
} // namespace

#if TUTTI_INTERPOSE
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t bytes) {
    if (watching)
        ++allocations;
    return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
    if (watching)
        ++allocations;
    return __libc_calloc(count, bytes);
}
void* realloc(void* old, std::size_t bytes) {
    if (watching)
        ++allocations;
    return __libc_realloc(old, bytes);
}
void free(void* old) {
    if (watching && old != nullptr)
        ++allocations;
    __libc_free(old);
}
}
#endif

namespace tutti::test {

AllocationGuard::AllocationGuard() {
    allocations = 0;
    watching = true;
}

AllocationGuard::~AllocationGuard() {
    watching = false;
}

bool AllocationGuard::is_active() {
    return TUTTI_INTERPOSE != 0;
}

uint64_t AllocationGuard::count() const {
    return allocations;
}

} // namespace tutti::test
