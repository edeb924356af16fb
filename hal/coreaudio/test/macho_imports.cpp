/// XPC, dispatch queues and the few other things of a Mac's libSystem that the driver imports. XPC speaks the
/// engine's socket protocol, so that the same engines answer a driver built for a Mac.
#include "macho_imports.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace tutti::coreaudio::test {
namespace {

using Clock = std::chrono::steady_clock;
using Work = std::function<void()>;

/// One serial queue; a plug-in makes no more than one.
class Queue {
  public:
    Queue() : thread_([this] { run(); }) {}
    ~Queue() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    void at(Clock::time_point when, Work work) {
        {
            const std::lock_guard lock(mutex_);
            work_.emplace(when, std::move(work));
        }
        changed_.notify_all();
    }

  private:
    void run() {
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            if (work_.empty()) {
                changed_.wait(lock);
            } else if (work_.begin()->first > Clock::now()) {
                changed_.wait_until(lock, work_.begin()->first);
            } else {
                const Work work = std::move(work_.begin()->second);
                work_.erase(work_.begin());
                lock.unlock();
                work();
                lock.lock();
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Clock::time_point, Work> work_;
    bool stopping_ = false;
    std::thread thread_;
};

std::mutex queue_mutex;
std::unique_ptr<Queue> queue;

Queue& the_queue() {
    const std::lock_guard lock(queue_mutex);
    if (queue == nullptr)
        queue = std::make_unique<Queue>();
    return *queue;
}

// As the compiler lays out a block.
struct Block {
    void* isa;
    int flags;
    int reserved;
    void (*invoke)(Block*, void* event);
};

enum class Type { dictionary, shmem, error, connection };

struct Object {
    explicit Object(Type of) : type(of) {}
    virtual ~Object() = default;
    Type type;
    std::atomic<int> references{1};
};

struct Shmem : Object {
    Shmem() : Object(Type::shmem) {}
    ~Shmem() override { close(fd); }
    int fd = -1;
};

struct Dictionary : Object {
    Dictionary() : Object(Type::dictionary) {}
    ~Dictionary() override { delete region; }
    std::vector<unsigned char> message;
    Shmem* region = nullptr;
};

void deliver(const Block* handler, Object* event) {
    handler->invoke(const_cast<Block*>(handler), event);
    delete event;
}

/// Looks up nobody: the service is the engine's socket.
struct Connection : Object {
    Connection() : Object(Type::connection) {}
    ~Connection() override { cancel(); }

    void resume() {
        const char* path = std::getenv("TUTTI_DEVICE_SOCKET");
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path == nullptr ? "" : path, sizeof(address.sun_path) - 1);
        fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
            close(fd);
            fd = -1;
            post(new Object(Type::error));
            return;
        }
        reader = std::thread([this] { read(); });
    }

    void cancel() {
        *alive = false; // on the queue, where events are delivered
        if (fd >= 0)
            shutdown(fd, SHUT_RDWR);
        if (reader.joinable())
            reader.join();
        if (fd >= 0)
            close(fd);
        fd = -1;
    }

    void post(Object* event) {
        the_queue().at(Clock::now(), [handler = handler, event, still = alive] {
            if (*still)
                deliver(handler, event);
            else
                delete event;
        });
    }

    void read() {
        while (true) {
            std::vector<unsigned char> bytes(65536);
            alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
            iovec vector{bytes.data(), bytes.size()};
            msghdr message{};
            message.msg_iov = &vector;
            message.msg_iovlen = 1;
            message.msg_control = control;
            message.msg_controllen = sizeof(control);
            const ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
            if (got <= 0) {
                post(new Object(Type::error));
                return;
            }
            auto* dictionary = new Dictionary;
            dictionary->message.assign(bytes.begin(), bytes.begin() + got);
            if (const cmsghdr* part = CMSG_FIRSTHDR(&message);
                part != nullptr && part->cmsg_type == SCM_RIGHTS) {
                dictionary->region = new Shmem;
                std::memcpy(&dictionary->region->fd, CMSG_DATA(part), sizeof(int));
            }
            post(dictionary);
        }
    }

    int fd = -1;
    const Block* handler = nullptr;
    std::thread reader;
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

// Where a Mac's types and blocks live; only the addresses matter.
char type_dictionary;
char type_shmem;
char type_other;
void* global_block[32];
uint64_t stack_guard = 0x5A5A5A5A5A5A5A5A;

const void* xpc_get_type(const Object* object) {
    return object->type == Type::dictionary ? &type_dictionary
           : object->type == Type::shmem    ? &type_shmem
                                            : &type_other;
}

void xpc_release(Object* object) {
    if (--object->references == 0)
        delete object;
}

Object* xpc_connection_create_mach_service(const char*, void*, uint64_t) {
    return new Connection;
}

void xpc_connection_set_event_handler(Object* connection, const Block* handler) {
    static_cast<Connection*>(connection)->handler = handler;
}

void xpc_connection_resume(Object* connection) {
    static_cast<Connection*>(connection)->resume();
}

void xpc_connection_cancel(Object* connection) {
    static_cast<Connection*>(connection)->cancel();
}

uid_t xpc_connection_get_euid(Object*) {
    return geteuid();
}

Object* xpc_dictionary_create(const void*, const void*, std::size_t) {
    return new Dictionary;
}

void xpc_dictionary_set_data(Object* dictionary, const char*, const void* bytes, std::size_t count) {
    const auto* begin = static_cast<const unsigned char*>(bytes);
    static_cast<Dictionary*>(dictionary)->message.assign(begin, begin + count);
}

const void* xpc_dictionary_get_data(Object* dictionary, const char*, std::size_t* count) {
    const auto& message = static_cast<Dictionary*>(dictionary)->message;
    *count = message.size();
    return message.data();
}

Object* xpc_dictionary_get_value(Object* dictionary, const char*) {
    return static_cast<Dictionary*>(dictionary)->region;
}

std::size_t xpc_shmem_map(Object* region, void** memory) {
    struct stat status {};
    const int fd = static_cast<Shmem*>(region)->fd;
    if (fstat(fd, &status) != 0)
        return 0;
    *memory =
        mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return *memory == MAP_FAILED ? 0 : static_cast<std::size_t>(status.st_size);
}

void xpc_connection_send_message(Object* connection, Object* message) {
    const auto& bytes = static_cast<Dictionary*>(message)->message;
    const int fd = static_cast<Connection*>(connection)->fd;
    if (fd >= 0)
        send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void* dispatch_queue_create(const char*, const void*) {
    return &the_queue();
}

uint64_t dispatch_time(uint64_t, int64_t delta) {
    return static_cast<uint64_t>(delta); // from now on
}

void dispatch_after_f(uint64_t when, void*, void* context, void (*work)(void*)) {
    the_queue().at(Clock::now() + std::chrono::nanoseconds(when), [context, work] { work(context); });
}

void dispatch_async_f(void*, void* context, void (*work)(void*)) {
    the_queue().at(Clock::now(), [context, work] { work(context); });
}

void dispatch_sync_f(void*, void* context, void (*work)(void*)) {
    std::mutex mutex;
    std::condition_variable done;
    bool is_done = false;
    the_queue().at(Clock::now(), [&] {
        work(context);
        const std::lock_guard lock(mutex);
        is_done = true;
        done.notify_all();
    });
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return is_done; });
}

/// The driver has one lock; a Mac's looks different inside from ours.
std::mutex driver_mutex;
int lock_driver(void*) {
    driver_mutex.lock();
    return 0;
}
int unlock_driver(void*) {
    driver_mutex.unlock();
    return 0;
}

void zero(void* to, std::size_t bytes) {
    std::memset(to, 0, bytes);
}

[[noreturn]] void stop_here() {
    std::abort();
}

template <typename T> void* address(T* function) {
    return reinterpret_cast<void*>(function);
}

} // namespace

void* macho_import(const std::string& symbol) {
    static const std::map<std::string, void*> ours{
        {"__xpc_type_dictionary", &type_dictionary},
        {"__xpc_type_shmem", &type_shmem},
        {"__NSConcreteGlobalBlock", global_block},
        {"___stack_chk_guard", &stack_guard},
        {"___stack_chk_fail", address(stop_here)},
        {"dyld_stub_binder", address(stop_here)},
        {"___bzero", address(zero)},
        {"_bzero", address(zero)},
        {"_pthread_mutex_lock", address(lock_driver)},
        {"_pthread_mutex_unlock", address(unlock_driver)},
        {"_xpc_get_type", address(xpc_get_type)},
        {"_xpc_release", address(xpc_release)},
        {"_xpc_connection_create_mach_service", address(xpc_connection_create_mach_service)},
        {"_xpc_connection_set_event_handler", address(xpc_connection_set_event_handler)},
        {"_xpc_connection_resume", address(xpc_connection_resume)},
        {"_xpc_connection_cancel", address(xpc_connection_cancel)},
        {"_xpc_connection_get_euid", address(xpc_connection_get_euid)},
        {"_xpc_connection_send_message", address(xpc_connection_send_message)},
        {"_xpc_dictionary_create", address(xpc_dictionary_create)},
        {"_xpc_dictionary_set_data", address(xpc_dictionary_set_data)},
        {"_xpc_dictionary_get_data", address(xpc_dictionary_get_data)},
        {"_xpc_dictionary_get_value", address(xpc_dictionary_get_value)},
        {"_xpc_shmem_map", address(xpc_shmem_map)},
        {"_dispatch_queue_create", address(dispatch_queue_create)},
        {"_dispatch_time", address(dispatch_time)},
        {"_dispatch_after_f", address(dispatch_after_f)},
        {"_dispatch_async_f", address(dispatch_async_f)},
        {"_dispatch_sync_f", address(dispatch_sync_f)},
    };
    if (const auto found = ours.find(symbol); found != ours.end())
        return found->second;
    return symbol.empty() ? nullptr : dlsym(RTLD_DEFAULT, symbol.c_str() + 1);
}

void forget_macho_work() {
    const std::lock_guard lock(queue_mutex);
    queue.reset();
}

} // namespace tutti::coreaudio::test
