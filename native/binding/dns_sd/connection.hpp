#pragma once
#include "dns_sd.hpp"

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <uv.h>
#include <vector>

namespace tutti::dns_sd {

/// What the daemon said about one operation.
struct Reply {
    uint32_t id = 0;
    int32_t error = no_error;
    bool is_added = false;
    /// Of a registration: the instance name in force.
    std::string name;
    /// Of a query: the record's data as on the wire, without compressed names.
    std::vector<uint8_t> data;
};

/// Operations at the daemon, and their replies in the event loop. One socket for all of them; a socket each
/// where the library cannot share one (Avahi's). Main thread only; may be used from its own callbacks.
class Connection {
  public:
    /// Whatever is said between `open` and `close`; on_lost ends it: call close then.
    struct Events {
        std::function<void(const Reply&)> on_reply;
        std::function<void(int32_t error)> on_lost;
    };

    Connection(const Library& library, uv_loop_t* loop, Events events);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// @return no_error, or why the daemon cannot be reached
    int32_t open();
    /// Without, it is not known whether the daemon runs until something is asked.
    bool is_shared() const { return shared_ != nullptr; }

    /// Asks for the records of a name until stopped. @param name escaped as in RFC 1035 section 5.1, of UTF-8
    /// @return a positive number for stop, or a negative error of dns_sd.h
    int64_t query(uint32_t interface_index, const std::string& name, uint16_t type);
    /// @param name not escaped @param type with subtypes: `_rtsp._tcp,_ravenna` @param txt as on the wire
    /// @return as query
    int64_t register_service(uint32_t interface_index, const std::string& name, const std::string& type,
                             uint16_t port, std::span<const uint8_t> txt);
    void stop(uint32_t id);
    void close();

  private:
    struct Operation;
    struct Watch;

    template <typename Start> int64_t begin(Start start);
    Watch* watch(Ref ref);
    void readable(Ref ref);
    static void on_query(Ref, uint32_t flags, uint32_t, int32_t error, const char*, uint16_t, uint16_t,
                         uint16_t size, const void* data, uint32_t, void* context);
    static void on_register(Ref, uint32_t flags, int32_t error, const char* name, const char*, const char*,
                            void* context);

    const Library& library_;
    uv_loop_t* loop_;
    Events events_;
    Ref shared_ = nullptr;
    Watch* shared_watch_ = nullptr;
    uint32_t last_id_ = 0;
    std::map<uint32_t, std::unique_ptr<Operation>> operations_;
    /// Collected while the library works, told when it has returned: it may then be called again.
    std::vector<Reply> replies_;
};

} // namespace tutti::dns_sd
