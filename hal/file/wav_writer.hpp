#pragma once
#include "wav_format.hpp"

#include "client/file_descriptor.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::hal {

/**
 * Writes a WAV file; beyond 4 GiB, or always if asked, it becomes an RF64 file, for which room is left in the
 * header (EBU Tech 3306). Until `finish` the sizes say "unknown", so that what an interrupted recording
 * leaves can be read. [control]
 */
class WavWriter {
  public:
    /// Empty on success, else the reason. An existing file is replaced.
    std::string create(const std::string& path, const WavFormat& format, bool always_rf64);

    /// False if the disk refuses.
    bool write(const float* from, uint64_t frames);
    /// Fills in the sizes. False if the disk refuses.
    bool finish();

    [[nodiscard]] uint64_t frames() const noexcept { return frames_; }

  private:
    [[nodiscard]] std::vector<uint8_t> header(bool finished) const;
    bool write_at(uint64_t offset, const uint8_t* from, uint64_t bytes) const;

    FileDescriptor fd_;
    WavFormat format_;
    bool always_rf64_ = false;
    uint64_t frames_ = 0;
    uint64_t data_offset_ = 0;
    std::vector<uint8_t> raw_;
};

} // namespace tutti::hal
