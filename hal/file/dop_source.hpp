#pragma once
#include "dsd_file.hpp"
#include "frame_source.hpp"

#include <vector>

namespace tutti::hal {

/**
 * A DSD file as DoP frames (DoP Open Standard 1.1): 24-bit words of a marker that alternates, 0x05 and 0xFA,
 * and sixteen bits, the oldest first. At half that rate, a channel's words lie in two adjacent device
 * channels, marked 0x06 and 0xF9.
 */
class DopSource : public FrameSource {
  public:
    /// Null with a reason if the device's rate carries this file in neither way.
    static std::unique_ptr<DopSource> create(DsdFile file, uint32_t device_rate, std::string& problem);

    [[nodiscard]] uint32_t rate() const noexcept override { return rate_; }
    [[nodiscard]] uint32_t channels() const noexcept override { return file_.channels() * words_; }
    [[nodiscard]] uint64_t frames() const noexcept override { return file_.bytes() / (2 * words_); }
    uint64_t read(float* to, uint64_t frames) override;
    void rewind() noexcept override { next_ = 0; }

  private:
    DopSource(DsdFile file, uint32_t rate, uint32_t words);

    DsdFile file_;
    uint32_t rate_;
    uint32_t words_; ///< of a channel in a frame: 1, or 2 in pairs
    uint64_t next_ = 0;
    uint64_t placed_ = 0; ///< frames since the start; the markers go on where the file begins again
    std::vector<uint8_t> bytes_;
};

} // namespace tutti::hal
