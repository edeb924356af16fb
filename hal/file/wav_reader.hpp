#pragma once
#include "frame_source.hpp"
#include "wav_format.hpp"

#include "client/file_descriptor.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::hal {

/**
 * Reads WAV, RF64 and BW64 files (EBU Tech 3306) as float frames. What the header says of sizes is bounded by
 * the file itself; a size that was never filled in means "to the end". [control]
 */
class WavReader : public FrameSource {
  public:
    /// Empty on success, else what is wrong with the file.
    std::string open(const std::string& path);

    [[nodiscard]] const WavFormat& format() const noexcept { return format_; }
    [[nodiscard]] uint32_t rate() const noexcept override { return format_.rate; }
    [[nodiscard]] uint32_t channels() const noexcept override { return format_.channels; }
    [[nodiscard]] uint64_t frames() const noexcept override { return frames_; }
    uint64_t read(float* to, uint64_t frames) override;
    void rewind() noexcept override { next_ = 0; }

  private:
    std::string parse(uint64_t file_bytes);
    std::string parse_format(const std::vector<uint8_t>& chunk);
    bool read_at(uint64_t offset, uint8_t* to, uint64_t bytes) const;

    FileDescriptor fd_;
    WavFormat format_;
    uint64_t data_offset_ = 0;
    uint64_t frames_ = 0;
    uint64_t next_ = 0;
    std::vector<uint8_t> raw_;
};

} // namespace tutti::hal
