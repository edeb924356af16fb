#include "dsd_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace tutti::hal {
namespace {

constexpr uint32_t max_channels = 128;
constexpr uint32_t lowest_bit_rate = 64 * 44100;
constexpr uint32_t highest_bit_rate = 1024 * 48000;
constexpr int max_chunks = 1000;
constexpr uint32_t dsf_block = 4096;

uint64_t little(const uint8_t* from, int bytes) {
    uint64_t value = 0;
    for (int i = bytes; i-- > 0;)
        value = value << 8 | from[i];
    return value;
}

uint64_t big(const uint8_t* from, int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; ++i)
        value = value << 8 | from[i];
    return value;
}

bool is(const uint8_t* from, const char* id) {
    return std::memcmp(from, id, 4) == 0;
}

constexpr std::array<uint8_t, 256> reversed = [] {
    std::array<uint8_t, 256> table{};
    for (unsigned value = 0; value < 256; ++value) {
        for (unsigned bit = 0; bit < 8; ++bit)
            table[value] |= static_cast<uint8_t>((value >> bit & 1u) << (7 - bit));
    }
    return table;
}();

} // namespace

bool DsdFile::is_one(const std::string& path) {
    DsdFile file;
    file.fd_ = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    uint8_t head[16];
    if (!file.fd_ || !file.read_at(0, head, sizeof(head)))
        return false;
    return is(head, "DSD ") || (is(head, "FRM8") && is(head + 12, "DSD "));
}

std::string DsdFile::open(const std::string& path) {
    fd_ = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd_)
        return std::strerror(errno);
    struct stat status {};
    if (fstat(fd_.get(), &status) != 0)
        return std::strerror(errno);
    if (!S_ISREG(status.st_mode))
        return "is not a regular file";
    uint8_t head[4];
    if (!read_at(0, head, sizeof(head)))
        return "is too short";
    const auto file_bytes = static_cast<uint64_t>(status.st_size);
    return is(head, "DSD ") ? parse_dsf(file_bytes) : parse_dff(file_bytes);
}

/// Little-endian: chunk "DSD ", chunk "fmt ", chunk "data".
std::string DsdFile::parse_dsf(uint64_t file_bytes) {
    uint8_t head[28 + 52 + 12];
    if (!read_at(0, head, sizeof(head)))
        return "ends inside its header";
    const uint8_t* format = head + 28;
    const uint8_t* data = format + 52;
    if (little(head + 4, 8) != 28 || !is(format, "fmt ") || little(format + 4, 8) != 52 || !is(data, "data"))
        return "has a damaged header";
    if (little(format + 16, 4) != 0)
        return "is compressed, which is not supported";
    channels_ = static_cast<uint32_t>(little(format + 24, 4));
    bit_rate_ = static_cast<uint32_t>(little(format + 28, 4));
    const uint64_t bits = little(format + 32, 4);
    if (bits != 1 && bits != 8)
        return "has " + std::to_string(bits) + " bits a sample, where 1 or 8 tell the order of bits";
    lsb_first_ = bits == 1;
    block_ = little(format + 44, 4);
    if (block_ != dsf_block)
        return "has blocks of " + std::to_string(block_) + " bytes, where 4096 is the only size";
    data_offset_ = sizeof(head);
    const uint64_t said = little(data + 4, 8);
    const uint64_t left = file_bytes - data_offset_;
    if (said < 12)
        return "has a damaged data chunk";
    std::string problem = check(std::min(said - 12, left));
    // The last block is filled up: how many samples there are is said apart.
    bytes_ = std::min(bytes_, little(format + 36, 8) / 8);
    return problem;
}

/// Big-endian IFF with 64-bit sizes: FRM8 "DSD " { FVER, PROP "SND " {...}, "DSD " }.
std::string DsdFile::parse_dff(uint64_t file_bytes) {
    uint64_t offset = 16;
    for (int chunk = 0; chunk < max_chunks; ++chunk) {
        uint8_t header[12];
        if (!read_at(offset, header, sizeof(header)))
            return bit_rate_ == 0 ? "has no PROP chunk" : "has no DSD chunk";
        offset += sizeof(header);
        const uint64_t said = big(header + 4, 8);
        const uint64_t left = file_bytes - offset;
        if (is(header, "DST "))
            return "is compressed (DST), which is not supported";
        if (is(header, "DSD ")) {
            if (bit_rate_ == 0)
                return "has no PROP chunk before its data";
            data_offset_ = offset;
            return check(std::min(said, left)); // some files claim more than they hold
        }
        if (said > left)
            return "ends inside a chunk";
        if (is(header, "PROP")) {
            if (std::string problem = parse_dff_properties(offset, said); !problem.empty())
                return problem;
        }
        offset += said + (said & 1);
    }
    return "has too many chunks before its data";
}

std::string DsdFile::parse_dff_properties(uint64_t offset, uint64_t bytes) {
    const uint64_t end = offset + bytes;
    offset += 4; // "SND "
    for (int chunk = 0; chunk < max_chunks && offset + 12 <= end; ++chunk) {
        uint8_t header[16];
        if (!read_at(offset, header, sizeof(header)))
            return "ends inside its properties";
        const uint64_t said = big(header + 4, 8);
        if (said > end - offset - 12)
            return "has a damaged PROP chunk";
        if (is(header, "FS  "))
            bit_rate_ = static_cast<uint32_t>(big(header + 12, 4));
        else if (is(header, "CHNL"))
            channels_ = static_cast<uint32_t>(big(header + 12, 2));
        else if (is(header, "CMPR") && !is(header + 12, "DSD "))
            return "is compressed, which is not supported";
        offset += 12 + said + (said & 1);
    }
    return {};
}

std::string DsdFile::check(uint64_t data_bytes) {
    if (channels_ == 0 || channels_ > max_channels)
        return "has " + std::to_string(channels_) + " channels";
    if (bit_rate_ < lowest_bit_rate || bit_rate_ > highest_bit_rate)
        return "has " + std::to_string(bit_rate_) + " bits a second, which is no rate of DSD";
    bytes_ = data_bytes / (block_ * channels_) * block_;
    return {};
}

bool DsdFile::read(uint64_t first, uint64_t count, uint8_t* to) {
    if (first > bytes_ || count > bytes_ - first)
        return false;
    const uint64_t from_group = first / block_;
    const uint64_t to_group = (first + count + block_ - 1) / block_;
    const uint64_t group_bytes = block_ * channels_;
    raw_.resize((to_group - from_group) * group_bytes);
    if (!read_at(data_offset_ + from_group * group_bytes, raw_.data(), raw_.size()))
        return false;
    for (uint32_t channel = 0; channel < channels_; ++channel) {
        for (uint64_t i = 0; i < count; ++i) {
            const uint64_t place = first + i - from_group * block_;
            const uint8_t byte = raw_[place / block_ * group_bytes + channel * block_ + place % block_];
            *to++ = lsb_first_ ? reversed[byte] : byte;
        }
    }
    return true;
}

bool DsdFile::read_at(uint64_t offset, uint8_t* to, uint64_t bytes) const {
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
