/// What real-time threads call: no allocation, no lock, no system call.
#include "audio_server.hpp"
#include "engine_stand_in.hpp"
#include "host_clock.hpp"

#include <doctest/doctest.h>

#include <dlfcn.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

using namespace tutti::coreaudio::test;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define TUTTI_INTERPOSE 0
#else
#define TUTTI_INTERPOSE 1
#endif

namespace {
thread_local bool watching = false;
thread_local uint64_t forbidden = 0;

[[maybe_unused]] void count_if_watching() {
    if (watching)
        ++forbidden;
}
} // namespace

#if TUTTI_INTERPOSE
// The program's own functions come before the C library's, for the driver too.
#pragma GCC visibility push(default)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t bytes) {
    count_if_watching();
    return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
    count_if_watching();
    return __libc_calloc(count, bytes);
}
void* realloc(void* old, std::size_t bytes) {
    count_if_watching();
    return __libc_realloc(old, bytes);
}
void free(void* old) {
    if (old != nullptr)
        count_if_watching();
    __libc_free(old);
}
int pthread_mutex_lock(pthread_mutex_t* mutex) {
    count_if_watching();
    using Lock = int (*)(pthread_mutex_t*);
    static const auto real = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    return real(mutex);
}
}
#pragma GCC visibility pop
#endif

namespace {

/// Many cycles of one client, with time going on and the region changing under it.
void run_cycles(const AudioServer& server, EngineStandIn& engine, std::vector<float>& buffer, int cycles) {
    double sample = server.stamp().sample_time;
    for (int i = 0; i < cycles; ++i) {
        host_clock::advance(1'000'000);
        if (i % 3 != 0)
            engine.publish(host_clock::now_ns());
        if (i % 500 == 499)
            engine.step(7'000'000);
        const Stamp stamp = server.stamp();
        sample = std::max(sample + 48, stamp.sample_time);
        server.read(sample - 1000, 512, buffer.data());
        server.write(sample + 200, 512, buffer.data());
    }
}

struct Fixture {
    Fixture() {
        host_clock::freeze(1'000'000'000'000'000);
        engine.set_line(host_clock::now_ns(), media_start_ns, 30e-6);
        engine.make_region(48000, 128, 128);
    }
    ~Fixture() { host_clock::run(); }
    EngineStandIn engine;
    std::vector<float> buffer = std::vector<float>(512 * 128);
};

/// From here on, this thread may write and end; any other system call ends it.
bool allow_only_write_and_exit() {
    sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_write, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_exit_group, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{sizeof(filter) / sizeof(filter[0]), filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

} // namespace

TEST_CASE("real-time calls allocate nothing and lock nothing" * doctest::skip(TUTTI_INTERPOSE == 0)) {
    Fixture fixture;
    AudioServer server;
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    server.start();
    run_cycles(server, fixture.engine, fixture.buffer, 10);
    forbidden = 0;
    watching = true;
    run_cycles(server, fixture.engine, fixture.buffer, 3000);
    watching = false;
    CHECK_EQ(forbidden, 0);
    // The watch works.
    watching = true;
    std::vector<int>* made = new std::vector<int>(10);
    delete made;
    std::mutex mutex;
    mutex.lock();
    watching = false;
    mutex.unlock();
    CHECK_GE(forbidden, 5);
}

TEST_CASE("real-time calls make no system call: the kernel would end the process" *
          doctest::skip(TUTTI_INTERPOSE == 0)) {
    Fixture fixture;
    AudioServer server;
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    server.start();
    int pipes[2];
    REQUIRE_EQ(pipe(pipes), 0);
    const pid_t child = fork(); // its one thread is the real-time thread
    if (child == 0) {
        if (!allow_only_write_and_exit())
            _exit(3);
        run_cycles(server, fixture.engine, fixture.buffer, 3000);
        const char done = 'd';
        _exit(write(pipes[1], &done, 1) == 1 ? 0 : 4);
    }
    close(pipes[1]);
    char done = 0;
    CHECK_EQ(read(pipes[0], &done, 1), 1);
    close(pipes[0]);
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
}
