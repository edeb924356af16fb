#pragma once
#include "region_mapping.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tutti::hal {

/**
 * What this client holds of a region: output channels, exclusively, and a slot that says who it is. Both are
 * kernel locks on the mapping's file descriptor, so that they vanish with the process. [control]
 */
class RegionClaims {
  public:
    explicit RegionClaims(const RegionMapping& region) noexcept : region_(&region) {}
    ~RegionClaims();
    RegionClaims(const RegionClaims&) = delete;
    RegionClaims& operator=(const RegionClaims&) = delete;

    struct Conflict {
        uint32_t channel = 0; ///< from 0
        std::string holder;   ///< "name (pid 123)", or "another program"
    };

    /// Claims exactly the outputs [first, first + channels); what was held besides is released. On a conflict
    /// nothing changes.
    std::optional<Conflict> claim_outputs(uint32_t first, uint32_t channels);
    /// Gives everything back.
    void release() noexcept;

    /// Takes a client slot (or describes the one held anew). Without a free slot the client works, but is not
    /// listed.
    void describe(uint32_t direction, uint32_t first, uint32_t channels, const std::string& name) noexcept;
    /// [audio]
    void count_xrun() noexcept;

  private:
    [[nodiscard]] bool lock(int64_t offset) const noexcept;
    void unlock(int64_t offset) const noexcept;
    [[nodiscard]] bool locked_elsewhere(int64_t offset) const noexcept;
    [[nodiscard]] std::string holder_of(uint32_t channel) const;

    const RegionMapping* region_;
    uint32_t first_ = 0;
    uint32_t channels_ = 0;
    std::optional<uint32_t> slot_;
};

} // namespace tutti::hal
