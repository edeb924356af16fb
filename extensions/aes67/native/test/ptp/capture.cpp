#include "capture.hpp"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tutti::aes67::ptp::test {
namespace {

using Bytes = std::vector<uint8_t>;

uint32_t little(const Bytes& file, size_t at) {
    uint32_t value = 0;
    if (at + 4 <= file.size())
        std::memcpy(&value, &file[at], 4);
    return value;
}

void take_frame(const Bytes& file, size_t at, size_t length, std::vector<CapturedPtp>& result,
                size_t& frames) {
    if (length > file.size() || at > file.size() - length)
        return;
    ++frames;
    const uint8_t* frame = &file[at];
    const auto big = [frame](size_t offset) { return frame[offset] << 8 | frame[offset + 1]; };
    size_t payload = 14;
    if (length < 60 - 4)
        return;
    int type = big(12);
    if (type == 0x8100) { // VLAN
        type = big(16);
        payload = 18;
    }
    if (type == 0x88F7) {
        result.push_back({false, Bytes(frame + payload, frame + length)});
        return;
    }
    const size_t udp = payload + static_cast<size_t>(frame[payload] & 0x0F) * 4;
    if (type != 0x0800 || frame[payload + 9] != 17 || udp + 8 > length)
        return;
    const int port = big(udp + 2);
    const auto udp_length = static_cast<size_t>(big(udp + 4));
    if ((port == 319 || port == 320) && udp_length >= 8 && udp + udp_length <= length)
        result.push_back({true, Bytes(frame + udp + 8, frame + udp + udp_length)});
}

} // namespace

std::string corpus_folder() {
    namespace fs = std::filesystem;
    if (const char* given = std::getenv("TUTTI_CORPUS"))
        return fs::is_directory(given) ? given : "";
    // The tests run in extensions/aes67/native.
    const fs::path beside = fs::current_path() / "../../../../shared/corpus";
    return fs::is_directory(beside) ? beside.lexically_normal().string() : "";
}

std::vector<CapturedPtp> read_capture(const std::string& path, size_t& frames) {
    std::ifstream stream(path, std::ios::binary);
    const Bytes file((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    std::vector<CapturedPtp> result;
    frames = 0;
    if (little(file, 0) == 0xA1B2C3D4) {
        for (size_t at = 24; at + 16 <= file.size(); at += 16 + little(file, at + 8))
            take_frame(file, at + 16, little(file, at + 8), result, frames);
    } else if (little(file, 0) == 0x0A0D0D0A) {
        for (size_t at = 0; at + 12 <= file.size() && little(file, at + 4) >= 12;
             at += little(file, at + 4)) {
            if (little(file, at) == 6) // enhanced packet block
                take_frame(file, at + 28, little(file, at + 20), result, frames);
        }
    }
    return result;
}

} // namespace tutti::aes67::ptp::test
