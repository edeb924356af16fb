#include "connection.hpp"

#include <arpa/inet.h>
#include <utility>

namespace tutti::dns_sd {

/// Waits for a socket of the library; the loop frees it.
struct Connection::Watch {
    uv_poll_t poll{};
    Connection* owner = nullptr;
    Ref ref = nullptr;

    void close() {
        owner = nullptr;
        uv_close(reinterpret_cast<uv_handle_t*>(&poll),
                 [](uv_handle_t* handle) { delete static_cast<Watch*>(handle->data); });
    }
};

struct Connection::Operation {
    Connection& owner;
    uint32_t id;
    Ref ref = nullptr;
    /// Null where the socket is shared.
    Watch* watch = nullptr;
};

Connection::Connection(const Library& library, uv_loop_t* loop, Events events)
    : library_(library), loop_(loop), events_(std::move(events)) {}

Connection::~Connection() {
    close();
}

int32_t Connection::open() {
    const int32_t error = library_.create_connection(&shared_);
    if (error == no_error) {
        shared_watch_ = watch(shared_);
        return no_error;
    }
    shared_ = nullptr;
    return error == unsupported ? no_error : error;
}

int64_t Connection::query(uint32_t interface_index, const std::string& name, uint16_t type) {
    return begin([&](Ref* ref, uint32_t flags, Operation* operation) {
        return library_.query_record(ref, flags, interface_index, name.c_str(), type, class_internet,
                                     on_query, operation);
    });
}

int64_t Connection::register_service(uint32_t interface_index, const std::string& name,
                                     const std::string& type, uint16_t port, std::span<const uint8_t> txt) {
    return begin([&](Ref* ref, uint32_t flags, Operation* operation) {
        return library_.register_service(ref, flags, interface_index, name.c_str(), type.c_str(), "local.",
                                         nullptr, htons(port), static_cast<uint16_t>(txt.size()), txt.data(),
                                         on_register, operation);
    });
}

template <typename Start> int64_t Connection::begin(Start start) {
    std::unique_ptr<Operation> operation(new Operation{*this, ++last_id_, shared_, nullptr});
    const int32_t error = start(&operation->ref, is_shared() ? flag_share_connection : 0, operation.get());
    if (error != no_error)
        return error;
    if (!is_shared())
        operation->watch = watch(operation->ref);
    operations_.emplace(last_id_, std::move(operation));
    return last_id_;
}

void Connection::stop(uint32_t id) {
    const auto found = operations_.find(id);
    if (found == operations_.end())
        return;
    if (found->second->watch != nullptr)
        found->second->watch->close();
    library_.deallocate(found->second->ref);
    operations_.erase(found);
}

void Connection::close() {
    if (is_shared()) {
        // Takes all that share it along.
        shared_watch_->close();
        library_.deallocate(shared_);
        shared_ = nullptr;
        operations_.clear();
    }
    while (!operations_.empty())
        stop(operations_.begin()->first);
}

Connection::Watch* Connection::watch(Ref ref) {
    auto* watch = new Watch{.owner = this, .ref = ref};
    watch->poll.data = watch;
    uv_poll_init(loop_, &watch->poll, library_.socket_of(ref));
    uv_poll_start(&watch->poll, UV_READABLE, [](uv_poll_t* poll, int, int) {
        auto* self = static_cast<Watch*>(poll->data);
        if (self->owner != nullptr)
            self->owner->readable(self->ref);
    });
    // Being heard of is no reason to go on.
    uv_unref(reinterpret_cast<uv_handle_t*>(&watch->poll));
    return watch;
}

void Connection::readable(Ref ref) {
    const int32_t error = library_.process_result(ref);
    for (const Reply& reply : std::exchange(replies_, {}))
        if (operations_.contains(reply.id))
            events_.on_reply(reply);
    // Its socket is of no use any more, and would be readable for ever.
    if (error != no_error)
        events_.on_lost(error);
}

void Connection::on_query(Ref, uint32_t flags, uint32_t, int32_t error, const char*, uint16_t, uint16_t,
                          uint16_t size, const void* data, uint32_t, void* context) {
    const auto* operation = static_cast<Operation*>(context);
    const auto* bytes = static_cast<const uint8_t*>(data);
    Reply reply;
    reply.id = operation->id;
    reply.error = error;
    reply.is_added = (flags & flag_add) != 0;
    if (bytes != nullptr)
        reply.data.assign(bytes, bytes + size);
    operation->owner.replies_.push_back(std::move(reply));
}

void Connection::on_register(Ref, uint32_t, int32_t error, const char* name, const char*, const char*,
                             void* context) {
    const auto* operation = static_cast<Operation*>(context);
    Reply reply;
    reply.id = operation->id;
    reply.error = error;
    reply.is_added = true;
    if (name != nullptr)
        reply.name = name;
    operation->owner.replies_.push_back(std::move(reply));
}

} // namespace tutti::dns_sd
