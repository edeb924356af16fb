#pragma once
#include "file_descriptor.hpp"
#include "problem.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tutti {

/// An unconnected socket that all senders of one interface, DSCP and TTL share, so that one sendmmsg serves
/// them all.
class TransmitSocket {
  public:
    struct Key {
        std::string interface_address;
        uint32_t dscp = 0;
        uint32_t ttl = 0;
        auto operator<=>(const Key&) const = default;
    };

    /// [control]
    static std::optional<Problem> open(const Key& key, const std::string& field, TransmitSocket& socket);

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    [[nodiscard]] uint32_t interface() const noexcept { return interface_; }

  private:
    FileDescriptor fd_;
    uint32_t interface_ = 0;
};

} // namespace tutti
