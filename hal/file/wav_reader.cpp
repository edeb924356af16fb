#include "wav_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tutti::hal {
namespace {

constexpr int max_chunks = 1000;
constexpr uint64_t max_format_bytes = 64;
constexpr uint64_t ds64_bytes = 28;
constexpr uint32_t unknown_size = 0xFFFFFFFF;

uint16_t get16(const uint8_t* from) {
    return static_cast<uint16_t>(from[0] | from[1] << 8);
}

uint32_t get32(const uint8_t* from) {
    return get16(from) | static_cast<uint32_t>(get16(from + 2)) << 16;
}

uint64_t get64(const uint8_t* from) {
    return get32(from) | static_cast<uint64_t>(get32(from + 4)) << 32;
}

bool is(const uint8_t* from, const char* id) {
    return std::memcmp(from, id, 4) == 0;
}

} // namespace

std::string WavReader::open(const std::string& path) {
    fd_ = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd_)
        return std::strerror(errno);
    struct stat status {};
    if (fstat(fd_.get(), &status) != 0)
        return std::strerror(errno);
    if (!S_ISREG(status.st_mode))
        return "is not a regular file";
    return parse(static_cast<uint64_t>(status.st_size));
}

std::string WavReader::parse(uint64_t file_bytes) {
    uint8_t head[12];
    if (!read_at(0, head, sizeof(head)) || !is(head + 8, "WAVE"))
        return "is not a WAV file";
    const bool big = is(head, "RF64") || is(head, "BW64");
    if (!big && !is(head, "RIFF"))
        return "is not a WAV file";

    uint64_t big_data_bytes = 0;
    bool has_format = false;
    uint64_t offset = sizeof(head);
    for (int chunk = 0; chunk < max_chunks; ++chunk) {
        uint8_t header[8];
        if (!read_at(offset, header, sizeof(header)))
            return has_format ? "has no data chunk" : "has no fmt chunk";
        offset += sizeof(header);
        const uint64_t left = file_bytes - offset;
        const uint32_t said = get32(header + 4);
        if (is(header, "data")) {
            if (!has_format)
                return "has no fmt chunk before its data";
            uint64_t bytes = big && said == unknown_size && big_data_bytes != 0 ? big_data_bytes : said;
            // Programs that write to a pipe, or died, leave 0 or all ones.
            if (bytes == 0 || bytes == unknown_size)
                bytes = left;
            data_offset_ = offset;
            frames_ = std::min(bytes, left) / format_.frame_bytes();
            return {};
        }
        if (said > left)
            return "ends inside a chunk";
        if (is(header, "ds64") && said >= ds64_bytes) {
            uint8_t sizes[ds64_bytes];
            if (!read_at(offset, sizes, sizeof(sizes)))
                return "ends inside a chunk";
            big_data_bytes = get64(sizes + 8);
        } else if (is(header, "fmt ")) {
            std::vector<uint8_t> body(std::min<uint64_t>(said, max_format_bytes));
            if (!read_at(offset, body.data(), body.size()))
                return "ends inside a chunk";
            if (std::string problem = parse_format(body); !problem.empty())
                return problem;
            has_format = true;
        }
        offset += uint64_t{said} + (said & 1);
    }
    return "has too many chunks before its data";
}

std::string WavReader::parse_format(const std::vector<uint8_t>& chunk) {
    if (chunk.size() < 16)
        return "has a fmt chunk that is too short";
    uint16_t tag = get16(chunk.data());
    const uint16_t channels = get16(chunk.data() + 2);
    const uint32_t rate = get32(chunk.data() + 4);
    const uint16_t block = get16(chunk.data() + 12);
    const uint16_t bits = get16(chunk.data() + 14);
    if (tag == wav_extensible) {
        if (chunk.size() < 40)
            return "has a fmt chunk that is too short";
        if (std::memcmp(chunk.data() + 26, wav_guid_tail, sizeof(wav_guid_tail)) != 0)
            return "has an unknown sub-format";
        tag = get16(chunk.data() + 24);
    }
    if (channels == 0 || channels > max_wav_channels)
        return "has " + std::to_string(channels) + " channels";
    if (rate == 0)
        return "has no sample rate";
    if (tag == wav_pcm && bits == 16) {
        format_.samples = SampleFormat::s16;
    } else if (tag == wav_pcm && bits == 24) {
        format_.samples = SampleFormat::s24_packed;
    } else if (tag == wav_pcm && bits == 32) {
        format_.samples = SampleFormat::s32;
    } else if (tag == wav_float && bits == 32) {
        format_.samples = SampleFormat::f32;
    } else {
        return "has a sample format that is not supported (tag " + std::to_string(tag) + ", " +
               std::to_string(bits) + " bits; 16, 24, 32 and float 32 are)";
    }
    format_.channels = channels;
    format_.rate = rate;
    if (block != format_.frame_bytes())
        return "has a block size that does not fit its format";
    return {};
}

uint64_t WavReader::read(float* to, uint64_t frames) {
    const uint64_t count = std::min(frames, frames_ - next_);
    raw_.resize(count * format_.frame_bytes());
    if (!read_at(data_offset_ + next_ * format_.frame_bytes(), raw_.data(), raw_.size()))
        return 0;
    decode_samples(format_.samples, raw_.data(), to, count * format_.channels);
    next_ += count;
    return count;
}

bool WavReader::read_at(uint64_t offset, uint8_t* to, uint64_t bytes) const {
    while (bytes > 0) {
        const ssize_t got = pread(fd_.get(), to, bytes, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        offset += static_cast<uint64_t>(got);
        bytes -= static_cast<uint64_t>(got);
    }
    return true;
}

} // namespace tutti::hal
