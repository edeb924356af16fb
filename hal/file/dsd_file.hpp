#pragma once
#include "client/file_descriptor.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::hal {

/**
 * Reads the bits of DSF (Sony, "DSF File Format Specification" 1.01) and DSDIFF files (Philips, "DSDIFF" 1.5,
 * raw DSD). Both are blocks of so many bytes of each channel in turn. What a header says of sizes is bounded
 * by the file itself. [control]
 */
class DsdFile {
  public:
    /// Whether a file begins like one.
    static bool is_one(const std::string& path);

    /// Empty on success, else what is wrong with the file.
    std::string open(const std::string& path);

    /// Bits a second of one channel: 2822400 for DSD64.
    [[nodiscard]] uint32_t bit_rate() const noexcept { return bit_rate_; }
    [[nodiscard]] uint32_t channels() const noexcept { return channels_; }
    /// Whole bytes of one channel.
    [[nodiscard]] uint64_t bytes() const noexcept { return bytes_; }

    /// Reads bytes `first` to `first + count` of every channel, channel by channel (`count` bytes each), the
    /// oldest bit first in each byte. False where the disk fails or the file ends.
    bool read(uint64_t first, uint64_t count, uint8_t* to);

  private:
    std::string parse_dsf(uint64_t file_bytes);
    std::string parse_dff(uint64_t file_bytes);
    std::string parse_dff_properties(uint64_t offset, uint64_t bytes);
    std::string check(uint64_t data_bytes);
    bool read_at(uint64_t offset, uint8_t* to, uint64_t bytes) const;

    FileDescriptor fd_;
    uint32_t bit_rate_ = 0;
    uint32_t channels_ = 0;
    uint64_t bytes_ = 0;
    uint64_t data_offset_ = 0;
    uint64_t block_ = 1; ///< bytes of one channel that lie together
    bool lsb_first_ = false;
    std::vector<uint8_t> raw_;
};

} // namespace tutti::hal
