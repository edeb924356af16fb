#include "capture.hpp"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tutti::dante_compat::test {
namespace {

using Bytes = std::vector<uint8_t>;

uint32_t little(const Bytes& file, size_t at) {
    uint32_t value = 0;
    if (at + 4 <= file.size())
        std::memcpy(&value, &file[at], 4);
    return value;
}

void take_frame(const Bytes& file, size_t at, size_t length, int64_t at_ns,
                std::vector<CapturedPtp>& result) {
    if (length > file.size() || at > file.size() - length || length < 42)
        return;
    const uint8_t* frame = &file[at];
    const auto big = [frame](size_t offset) { return frame[offset] << 8 | frame[offset + 1]; };
    const size_t ip = big(12) == 0x8100 ? 18 : 14; // VLAN
    const size_t udp = ip + static_cast<size_t>(frame[ip] & 0x0F) * 4;
    if (big(ip - 2) != 0x0800 || frame[ip + 9] != 17 || udp + 8 > length)
        return;
    const int port = big(udp + 2);
    const auto udp_length = static_cast<size_t>(big(udp + 4));
    if ((port == 319 || port == 320) && udp_length >= 8 && udp + udp_length <= length)
        result.push_back({at_ns, port == 319, Bytes(frame + udp + 8, frame + udp + udp_length)});
}

} // namespace

std::string corpus_folder() {
    namespace fs = std::filesystem;
    if (const char* given = std::getenv("TUTTI_CORPUS"))
        return fs::is_directory(given) ? given : "";
    // The tests run in extensions/dante-compat/native.
    const fs::path beside = fs::current_path() / "../../../../shared/corpus";
    return fs::is_directory(beside) ? beside.lexically_normal().string() : "";
}

std::vector<CapturedPtp> read_capture(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    const Bytes file((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    std::vector<CapturedPtp> result;
    if (little(file, 0) == 0xA1B2C3D4) { // microseconds
        for (size_t at = 24; at + 16 <= file.size(); at += 16 + little(file, at + 8)) {
            const int64_t at_ns = int64_t{little(file, at)} * 1'000'000'000 + little(file, at + 4) * 1000LL;
            take_frame(file, at + 16, little(file, at + 8), at_ns, result);
        }
    } else if (little(file, 0) == 0x0A0D0D0A) {
        for (size_t at = 0; at + 28 <= file.size() && little(file, at + 4) >= 12;
             at += little(file, at + 4)) {
            if (little(file, at) != 6) // enhanced packet block
                continue;
            const uint64_t us = uint64_t{little(file, at + 12)} << 32 | little(file, at + 16);
            take_frame(file, at + 28, little(file, at + 20), static_cast<int64_t>(us) * 1000, result);
        }
    }
    return result;
}

} // namespace tutti::dante_compat::test
