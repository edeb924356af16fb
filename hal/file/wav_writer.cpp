#include "wav_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tutti::hal {
namespace {

constexpr uint32_t unknown_size = 0xFFFFFFFF;
constexpr uint32_t ds64_bytes = 28;

void put16(std::vector<uint8_t>& to, uint16_t value) {
    to.push_back(static_cast<uint8_t>(value));
    to.push_back(static_cast<uint8_t>(value >> 8));
}

void put32(std::vector<uint8_t>& to, uint32_t value) {
    put16(to, static_cast<uint16_t>(value));
    put16(to, static_cast<uint16_t>(value >> 16));
}

void put64(std::vector<uint8_t>& to, uint64_t value) {
    put32(to, static_cast<uint32_t>(value));
    put32(to, static_cast<uint32_t>(value >> 32));
}

void put_id(std::vector<uint8_t>& to, const char* id) {
    to.insert(to.end(), id, id + 4);
}

void put_format(std::vector<uint8_t>& to, const WavFormat& format) {
    const bool extensible = format.channels > 2;
    const uint16_t tag = format.samples == SampleFormat::f32 ? wav_float : wav_pcm;
    const auto bits = static_cast<uint16_t>(bytes_per_sample(format.samples) * 8);
    put_id(to, "fmt ");
    put32(to, extensible ? 40 : 16);
    put16(to, extensible ? wav_extensible : tag);
    put16(to, static_cast<uint16_t>(format.channels));
    put32(to, format.rate);
    put32(to, format.rate * format.frame_bytes());
    put16(to, static_cast<uint16_t>(format.frame_bytes()));
    put16(to, bits);
    if (!extensible)
        return;
    put16(to, 22);
    put16(to, bits);
    put32(to, 0); // no speaker positions: channels of a device
    put16(to, tag);
    to.insert(to.end(), wav_guid_tail, wav_guid_tail + sizeof(wav_guid_tail));
}

} // namespace

std::string WavWriter::create(const std::string& path, const WavFormat& format, bool always_rf64) {
    fd_ = FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!fd_)
        return std::strerror(errno);
    format_ = format;
    always_rf64_ = always_rf64;
    frames_ = 0;
    const std::vector<uint8_t> head = header(false);
    data_offset_ = head.size();
    return write_at(0, head.data(), head.size()) ? std::string() : std::strerror(errno);
}

std::vector<uint8_t> WavWriter::header(bool finished) const {
    const uint64_t data = frames_ * format_.frame_bytes();
    const uint64_t riff = data_offset_ + data + (data & 1) - 8;
    const bool big = always_rf64_ || riff >= unknown_size;
    std::vector<uint8_t> head;
    put_id(head, big ? "RF64" : "RIFF");
    put32(head, big || !finished ? unknown_size : static_cast<uint32_t>(riff));
    put_id(head, "WAVE");
    put_id(head, big ? "ds64" : "JUNK");
    put32(head, ds64_bytes);
    put64(head, big && finished ? riff : 0);
    put64(head, big && finished ? data : 0);
    put64(head, big && finished ? frames_ : 0);
    put32(head, 0);
    put_format(head, format_);
    put_id(head, "data");
    put32(head, big || !finished ? unknown_size : static_cast<uint32_t>(data));
    return head;
}

bool WavWriter::write(const float* from, uint64_t frames) {
    raw_.resize(frames * format_.frame_bytes());
    encode_samples(format_.samples, from, raw_.data(), frames * format_.channels);
    if (!write_at(data_offset_ + frames_ * format_.frame_bytes(), raw_.data(), raw_.size()))
        return false;
    frames_ += frames;
    return true;
}

bool WavWriter::finish() {
    const uint64_t data = frames_ * format_.frame_bytes();
    const uint8_t padding = 0; // chunks end on an even offset
    if ((data & 1) != 0 && !write_at(data_offset_ + data, &padding, 1))
        return false;
    const std::vector<uint8_t> head = header(true);
    return write_at(0, head.data(), head.size());
}

bool WavWriter::write_at(uint64_t offset, const uint8_t* from, uint64_t bytes) const {
    while (bytes > 0) {
        const ssize_t written = pwrite(fd_.get(), from, bytes, static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        from += written;
        offset += static_cast<uint64_t>(written);
        bytes -= static_cast<uint64_t>(written);
    }
    return true;
}

} // namespace tutti::hal
