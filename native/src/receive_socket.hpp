#pragma once
#include "file_descriptor.hpp"
#include "plan.hpp"
#include "problem.hpp"

#include <cstdint>
#include <optional>

namespace tutti {

/// The socket of one receiver leg: bound to the group, joined on one interface, non-blocking, with kernel
/// timestamps.
class ReceiveSocket {
  public:
    /// [control]
    static std::optional<Problem> open(const ReceiverLegPlan& leg, const std::string& field,
                                       ReceiveSocket& socket);

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    /// Interface it was joined on; another index under the same address means it must be opened anew.
    [[nodiscard]] uint32_t interface() const noexcept { return interface_; }

  private:
    FileDescriptor fd_;
    uint32_t interface_ = 0;
};

} // namespace tutti
