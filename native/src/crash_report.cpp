#include "crash_report.hpp"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <sys/ucontext.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <limits.h>

namespace tutti::crash_report {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr std::size_t most_libraries = 256;
constexpr int most_frames = 64;

/// What the handler reads lies in static memory: it may neither allocate nor wait for whoever changes it.
using Path = std::array<char, PATH_MAX>;
std::array<Path, most_libraries> libraries{};
std::atomic<std::size_t> library_count{0};
Path loading_library{};
int file = -1;
std::array<struct sigaction, signals.size()> before{};

/// The plug-in that has code at an address; null if none has. dladdr may wait for the loader's lock: see the
/// alarm.
const char* library_at(void* address) {
    Dl_info found{};
    if (address == nullptr || dladdr(address, &found) == 0 || found.dli_fname == nullptr)
        return nullptr;
    const char* name = found.dli_fname;
    while (name[0] == '/' && name[1] == '/')
        ++name; // an update of a library: see PluginRegistry::open
    for (std::size_t i = 0; i < library_count.load(std::memory_order_acquire); ++i) {
        if (std::strcmp(libraries[i].data(), name) == 0)
            return libraries[i].data();
    }
    return nullptr;
}

/// Where a function without a frame of its own returns to: a call through a null pointer has no other trace.
void* return_address([[maybe_unused]] const void* context) {
#if defined(__linux__) && defined(__x86_64__)
    const auto* machine = static_cast<const ucontext_t*>(context);
    return *reinterpret_cast<void**>(machine->uc_mcontext.gregs[REG_RSP]);
#elif defined(__linux__) && defined(__aarch64__)
    const auto* machine = static_cast<const ucontext_t*>(context);
    return reinterpret_cast<void*>(machine->uc_mcontext.regs[30]);
#else
    return nullptr;
#endif
}

/// The innermost plug-in on the stack of the thread that failed.
const char* culprit(const void* context) {
    std::array<void*, most_frames> frames{};
    const int count = backtrace(frames.data(), most_frames);
    for (int i = 0; i < count; ++i) {
        if (const char* library = library_at(frames[static_cast<std::size_t>(i)]))
            return library;
    }
    if (const char* library = library_at(return_address(context)))
        return library;
    return loading_library[0] == '\0' ? nullptr : loading_library.data();
}

void write_report(int signal, const char* library) {
    std::array<char, PATH_MAX + 8> text{};
    std::size_t length = std::strlen(library);
    std::memcpy(text.data(), library, length);
    text[length++] = '\n';
    if (signal >= 10)
        text[length++] = static_cast<char>('0' + signal / 10);
    text[length++] = static_cast<char>('0' + signal % 10);
    text[length++] = '\n';
    if (ftruncate(file, 0) == 0) [[maybe_unused]]
        const ssize_t written = pwrite(file, text.data(), length, 0);
}

/// [any] In a process that is lost. Whoever handled the signal before has it afterwards: the fault is
/// repeated on return.
void on_signal(int signal, siginfo_t* info, void* context) {
    // If looking takes for ever, because the loader's lock is held by nobody any more, the process ends all
    // the same.
    std::signal(SIGALRM, SIG_DFL);
    alarm(1);
    for (std::size_t i = 0; i < signals.size(); ++i)
        sigaction(signals[i], &before[i], nullptr);
    if (const char* library = culprit(context))
        write_report(signal, library);
    alarm(0);
    // Sent, not caused: it does not come again by itself.
    if (signal == SIGABRT || info->si_code <= 0)
        raise(signal);
}

void copy(Path& to, const char* from) {
    std::strncpy(to.data(), from, to.size() - 1);
}

} // namespace

void install(const std::string& path) {
    file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return;
    void* first = nullptr;
    backtrace(&first, 1); // loads what it needs, which it may not do later
    struct sigaction action {};
    action.sa_sigaction = &on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (std::size_t i = 0; i < signals.size(); ++i)
        sigaction(signals[i], &action, &before[i]);
}

void loading(const char* library) {
    if (library == nullptr)
        loading_library[0] = '\0';
    else
        copy(loading_library, library);
}

void add(const std::string& library) {
    const std::size_t index = library_count.load(std::memory_order_relaxed);
    if (index >= most_libraries)
        return;
    copy(libraries[index], library.c_str());
    library_count.store(index + 1, std::memory_order_release);
}

} // namespace tutti::crash_report
