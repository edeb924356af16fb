#pragma once
#include <cstdint>
#include <memory>
#include <string>

namespace tutti::hal {

/// Float frames of a file that can be played. [control]
class FrameSource {
  public:
    virtual ~FrameSource() = default;
    /// Hz, of the frames.
    [[nodiscard]] virtual uint32_t rate() const noexcept = 0;
    [[nodiscard]] virtual uint32_t channels() const noexcept = 0;
    [[nodiscard]] virtual uint64_t frames() const noexcept = 0;
    /// Reads up to `frames` interleaved frames; 0 at the end, or where the disk fails.
    virtual uint64_t read(float* to, uint64_t frames) = 0;
    virtual void rewind() noexcept = 0;
};

/// Opens a file by what it begins with: WAV, RF64 and BW64, or DSD (DSF, DSDIFF), which is played as DoP.
/// Null with a reason in `problem`. @param device_rate Hz; decides how DSD is carried
std::unique_ptr<FrameSource> open_frame_source(const std::string& path, uint32_t device_rate,
                                               std::string& problem);

} // namespace tutti::hal
