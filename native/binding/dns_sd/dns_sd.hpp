#pragma once
#include <cstdint>
#include <string>

namespace tutti::dns_sd {

/// The part that we use of mDNSResponder's public C API (dns_sd.h). Declared here, since not every system
/// that has the library has its header: on macOS it is in libSystem, elsewhere in libdns_sd (mDNSResponder's
/// own, or Avahi's libavahi-compat-libdnssd1). Its numbers and signatures are the library's ABI and do not
/// change.
using Ref = struct Opaque*;
using QueryReply = void (*)(Ref ref, uint32_t flags, uint32_t interface_index, int32_t error,
                            const char* name, uint16_t type, uint16_t rr_class, uint16_t size,
                            const void* data, uint32_t ttl, void* context);
using RegisterReply = void (*)(Ref ref, uint32_t flags, int32_t error, const char* name, const char* type,
                               const char* domain, void* context);

constexpr int32_t no_error = 0;
constexpr int32_t unsupported = -65544;
/// Of a record: it is there from now on; without it, it is gone.
constexpr uint32_t flag_add = 0x2;
constexpr uint32_t flag_share_connection = 0x4000;
constexpr uint16_t class_internet = 1;

/// All of them: main thread; may wait for the daemon's answer on the local socket, never for the network.
struct Library {
    int32_t (*create_connection)(Ref* ref);
    int (*socket_of)(Ref ref);
    /// Blocks unless the socket is readable; calls the replies.
    int32_t (*process_result)(Ref ref);
    void (*deallocate)(Ref ref);
    int32_t (*query_record)(Ref* ref, uint32_t flags, uint32_t interface_index, const char* name,
                            uint16_t type, uint16_t rr_class, QueryReply reply, void* context);
    /// The port is in network byte order.
    int32_t (*register_service)(Ref* ref, uint32_t flags, uint32_t interface_index, const char* name,
                                const char* type, const char* domain, const char* host, uint16_t port,
                                uint16_t txt_size, const void* txt, RegisterReply reply, void* context);

    /// Null, with the reason, where the system has no such library. It is never unloaded.
    static const Library* load(std::string& error);
};

} // namespace tutti::dns_sd
