#include "macho_imports.hpp"

#include "xpc_stand_in.hpp"

#include <dlfcn.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace tutti::coreaudio::test {
namespace {

std::mutex queue_mutex;
std::unique_ptr<SerialQueue> queue;

// Grand Central Dispatch.

void* dispatch_queue_create(const char*, const void*) {
    return &link_queue();
}

/// Here a time is how long it is from now: the driver uses each at once.
uint64_t dispatch_time(uint64_t, int64_t delta_ns) {
    return static_cast<uint64_t>(delta_ns);
}

void dispatch_after_f(uint64_t delay_ns, SerialQueue* on, void* context, void (*work)(void*)) {
    on->run_after(std::chrono::nanoseconds(delay_ns), [context, work] { work(context); });
}

void dispatch_async_f(SerialQueue* on, void* context, void (*work)(void*)) {
    dispatch_after_f(0, on, context, work);
}

void dispatch_sync_f(SerialQueue* on, void* context, void (*work)(void*)) {
    on->run_and_wait([context, work] { work(context); });
}

// The driver has one lock, and a Mac's looks different inside from ours: this one stands for it.

std::mutex driver_mutex;

int lock_driver(void*) {
    driver_mutex.lock();
    return 0;
}

int unlock_driver(void*) {
    driver_mutex.unlock();
    return 0;
}

// What compilers call.

uint64_t stack_guard = 0x5A5A5A5A5A5A5A5A;

void zero(void* to, std::size_t bytes) {
    std::memset(to, 0, bytes);
}

/// A damaged stack; also what binds symbols at their first use on a Mac, which all were before.
[[noreturn]] void stop_here() {
    std::abort();
}

const Symbols& stand_ins() {
    static const Symbols symbols = [] {
        Symbols all = xpc_symbols();
        all.insert({
            {"_dispatch_queue_create", address_of_function(dispatch_queue_create)},
            {"_dispatch_time", address_of_function(dispatch_time)},
            {"_dispatch_after_f", address_of_function(dispatch_after_f)},
            {"_dispatch_async_f", address_of_function(dispatch_async_f)},
            {"_dispatch_sync_f", address_of_function(dispatch_sync_f)},
            {"_pthread_mutex_lock", address_of_function(lock_driver)},
            {"_pthread_mutex_unlock", address_of_function(unlock_driver)},
            {"___stack_chk_guard", &stack_guard},
            {"___stack_chk_fail", address_of_function(stop_here)},
            {"dyld_stub_binder", address_of_function(stop_here)},
            {"___bzero", address_of_function(zero)},
            {"_bzero", address_of_function(zero)},
        });
        return all;
    }();
    return symbols;
}

/// Functions whose arguments and results are the same on a Mac and here, and what this program itself stands
/// in for (core_foundation.cpp, host_clock.cpp).
bool means_the_same(const std::string& symbol) {
    static constexpr std::array<const char*, 15> names{
        "_free",    "_malloc", "_memcmp",  "_memcpy", "_memmove",
        "_memset",  "_strchr", "_strcmp",  "_strlen", "_strncmp",
        "_llround", "_munmap", "_geteuid", "_getpid", "_mach_absolute_time",
    };
    for (const char* name : names) {
        if (symbol == name)
            return true;
    }
    return symbol == "_mach_timebase_info" || symbol.rfind("_CF", 0) == 0;
}

} // namespace

SerialQueue& link_queue() {
    const std::lock_guard lock(queue_mutex);
    if (queue == nullptr)
        queue = std::make_unique<SerialQueue>();
    return *queue;
}

void end_macho_work() {
    std::unique_ptr<SerialQueue> ending; // its thread may be about to ask for the queue
    {
        const std::lock_guard lock(queue_mutex);
        ending = std::move(queue);
    }
}

void* macho_import(const std::string& symbol) {
    if (const auto found = stand_ins().find(symbol); found != stand_ins().end())
        return found->second;
    return means_the_same(symbol) ? dlsym(RTLD_DEFAULT, symbol.c_str() + 1) : nullptr;
}

} // namespace tutti::coreaudio::test
