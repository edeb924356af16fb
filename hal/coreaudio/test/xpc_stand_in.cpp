#include "xpc_stand_in.hpp"

#include "demand.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace tutti::coreaudio::test {
namespace {

/// The longest datagram of the link, and more.
constexpr std::size_t most_bytes = 65536;

// Types are told apart by their addresses.
char type_dictionary;
char type_shmem;
char type_other;
/// What a block's first word points to; nobody looks there.
void* block_class[32];

/// The driver retains nothing, so that each object has one owner: whoever made it, or the event it is in.
struct Object {
    explicit Object(const char* of) : type(of) {}
    virtual ~Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    const char* const type;
};

struct SharedMemory : Object {
    explicit SharedMemory(int descriptor) : Object(&type_shmem), fd(descriptor) {}
    ~SharedMemory() override { close(fd); }
    const int fd;
};

struct Dictionary : Object {
    Dictionary() : Object(&type_dictionary) {}
    std::vector<unsigned char> message;
    std::unique_ptr<SharedMemory> region;
};

/// As compilers lay out a block. It may lie on the stack of who made it, so that it is copied, with what it
/// captured, as XPC does.
struct Block {
    struct Layout {
        uint64_t reserved, bytes;
    };
    static constexpr int needs_help_to_copy = 1 << 25;
    const void* block_class;
    int flags;
    int reserved;
    void (*invoke)(Block*, Object* event);
    const Layout* layout;
};

class Handler {
  public:
    explicit Handler(const Block* block) {
        demand((block->flags & Block::needs_help_to_copy) == 0, "a block captured more than plain values");
        const auto* begin = reinterpret_cast<const unsigned char*>(block);
        copy_.assign((block->layout->bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t), 0);
        std::memcpy(copy_.data(), begin, block->layout->bytes);
    }
    void operator()(Object& event) {
        auto* block = reinterpret_cast<Block*>(copy_.data());
        block->invoke(block, &event);
    }

  private:
    std::vector<uint64_t> copy_;
};

/// All but `read` runs on the link's queue, where events are delivered.
class Connection : public Object {
  public:
    Connection() : Object(&type_other) {}
    ~Connection() override { hang_up(); }

    void set_handler(const Block* block) { handler_ = std::make_shared<Handler>(block); }

    void resume() {
        const char* path = std::getenv("TUTTI_DEVICE_SOCKET");
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path == nullptr ? "" : path, sizeof(address.sun_path) - 1);
        fd_ = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0)
            reader_ = std::thread([this] { read(); });
        else
            post_error(); // there is no such service
    }

    /// Nothing is delivered any more but one last error, for which the driver's function runs once more:
    /// later, when the driver may have another connection already.
    void cancel() {
        *cancelled_ = true;
        hang_up();
        link_queue().run_after({}, [handler = handler_] {
            Object last(&type_other);
            (*handler)(last);
        });
    }

    void send(const std::vector<unsigned char>& message) const {
        ::send(fd_, message.data(), message.size(), MSG_NOSIGNAL);
    }

    [[nodiscard]] uid_t user() const {
        ucred peer{};
        socklen_t length = sizeof(peer);
        const bool known = getsockopt(fd_, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0;
        return known ? peer.uid : ~uid_t{0};
    }

  private:
    void hang_up() {
        if (fd_ >= 0)
            shutdown(fd_, SHUT_RDWR);
        if (reader_.joinable())
            reader_.join();
        if (fd_ >= 0)
            close(fd_);
        fd_ = -1;
    }

    void post(std::shared_ptr<Object> event) {
        link_queue().run_after({}, [handler = handler_, cancelled = cancelled_, event = std::move(event)] {
            if (!*cancelled)
                (*handler)(*event);
        });
    }

    void post_error() { post(std::make_shared<Object>(&type_other)); }

    /// A thread of its own, until the engine or the driver hangs up.
    void read() {
        while (auto event = receive())
            post(std::move(event));
        post_error();
    }

    [[nodiscard]] std::shared_ptr<Dictionary> receive() const {
        auto event = std::make_shared<Dictionary>();
        event->message.resize(most_bytes);
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
        iovec vector{event->message.data(), event->message.size()};
        msghdr header{};
        header.msg_iov = &vector;
        header.msg_iovlen = 1;
        header.msg_control = control;
        header.msg_controllen = sizeof(control);
        const ssize_t bytes = recvmsg(fd_, &header, MSG_CMSG_CLOEXEC);
        if (bytes <= 0)
            return nullptr;
        event->message.resize(static_cast<std::size_t>(bytes));
        if (const cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr && part->cmsg_type == SCM_RIGHTS) {
            int region = -1;
            std::memcpy(&region, CMSG_DATA(part), sizeof(region));
            event->region = std::make_unique<SharedMemory>(region);
        }
        return event;
    }

    int fd_ = -1;
    std::shared_ptr<Handler> handler_;
    std::shared_ptr<bool> cancelled_ = std::make_shared<bool>(false); ///< of the queue's thread
    std::thread reader_;
};

Connection& as_connection(Object* object) {
    return static_cast<Connection&>(*object);
}

Dictionary& as_dictionary(Object* object) {
    return static_cast<Dictionary&>(*object);
}

// The functions, as <xpc/xpc.h> declares them.

const void* xpc_get_type(const Object* object) {
    return object->type;
}

void xpc_release(Object* object) {
    delete object;
}

Object* xpc_connection_create_mach_service(const char*, void*, uint64_t) {
    return new Connection;
}

void xpc_connection_set_event_handler(Object* connection, const Block* handler) {
    as_connection(connection).set_handler(handler);
}

void xpc_connection_resume(Object* connection) {
    as_connection(connection).resume();
}

void xpc_connection_cancel(Object* connection) {
    as_connection(connection).cancel();
}

uid_t xpc_connection_get_euid(Object* connection) {
    return as_connection(connection).user();
}

void xpc_connection_send_message(Object* connection, Object* message) {
    as_connection(connection).send(as_dictionary(message).message);
}

Object* xpc_dictionary_create(const void*, const void*, std::size_t) {
    return new Dictionary;
}

void xpc_dictionary_set_data(Object* dictionary, const char*, const void* bytes, std::size_t count) {
    const auto* begin = static_cast<const unsigned char*>(bytes);
    as_dictionary(dictionary).message.assign(begin, begin + count);
}

const void* xpc_dictionary_get_data(Object* dictionary, const char*, std::size_t* count) {
    const auto& message = as_dictionary(dictionary).message;
    *count = message.size();
    return message.data();
}

Object* xpc_dictionary_get_value(Object* dictionary, const char*) {
    return as_dictionary(dictionary).region.get();
}

std::size_t xpc_shmem_map(Object* region, void** memory) {
    const int fd = static_cast<const SharedMemory*>(region)->fd;
    struct stat status {};
    if (fstat(fd, &status) != 0)
        return 0;
    const auto bytes = static_cast<std::size_t>(status.st_size);
    *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return *memory == MAP_FAILED ? 0 : bytes;
}

} // namespace

Symbols xpc_symbols() {
    return {
        {"__xpc_type_dictionary", &type_dictionary},
        {"__xpc_type_shmem", &type_shmem},
        {"__NSConcreteGlobalBlock", block_class},
        {"__NSConcreteStackBlock", block_class},
        {"_xpc_get_type", address_of_function(xpc_get_type)},
        {"_xpc_release", address_of_function(xpc_release)},
        {"_xpc_connection_create_mach_service", address_of_function(xpc_connection_create_mach_service)},
        {"_xpc_connection_set_event_handler", address_of_function(xpc_connection_set_event_handler)},
        {"_xpc_connection_resume", address_of_function(xpc_connection_resume)},
        {"_xpc_connection_cancel", address_of_function(xpc_connection_cancel)},
        {"_xpc_connection_get_euid", address_of_function(xpc_connection_get_euid)},
        {"_xpc_connection_send_message", address_of_function(xpc_connection_send_message)},
        {"_xpc_dictionary_create", address_of_function(xpc_dictionary_create)},
        {"_xpc_dictionary_set_data", address_of_function(xpc_dictionary_set_data)},
        {"_xpc_dictionary_get_data", address_of_function(xpc_dictionary_get_data)},
        {"_xpc_dictionary_get_value", address_of_function(xpc_dictionary_get_value)},
        {"_xpc_shmem_map", address_of_function(xpc_shmem_map)},
    };
}

} // namespace tutti::coreaudio::test
