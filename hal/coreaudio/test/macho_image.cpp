#include "macho_image.hpp"

#include "macho_imports.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

namespace tutti::coreaudio::test {
namespace {

// Of the documented file format.
constexpr uint32_t magic_64 = 0xFEEDFACF;
constexpr uint32_t type_bundle = 8;
constexpr uint32_t command_segment_64 = 0x19;
constexpr uint32_t command_symbols = 0x2;
constexpr uint32_t command_dyld_info = 0x80000022;
constexpr uint32_t section_initializers = 0x9;
#ifdef __aarch64__
constexpr uint32_t our_cpu = 0x0100000C;
#else
constexpr uint32_t our_cpu = 0x01000007;
#endif

uint64_t read_uleb(const unsigned char*& at) {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const unsigned char byte = *at++;
        value |= static_cast<uint64_t>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0)
            return value;
    }
}

} // namespace

template <typename T> T MachOImage::at(uint64_t offset) const {
    REQUIRE_LE(offset + sizeof(T), file_.size());
    T value;
    std::memcpy(&value, file_.data() + offset, sizeof(T));
    return value;
}

MachOImage::MachOImage(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    file_.assign(std::istreambuf_iterator<char>(stream), {});
    REQUIRE_MESSAGE(!file_.empty(), path);
    REQUIRE_EQ(at<uint32_t>(0), magic_64);
    REQUIRE_EQ(at<uint32_t>(4), our_cpu);
    REQUIRE_EQ(at<uint32_t>(12), type_bundle);
    map();
    factory_ = reinterpret_cast<Factory>(find_export("_TuttiDriverFactory"));
    REQUIRE((factory_ != nullptr));
}

MachOImage::~MachOImage() {
    forget_macho_work();
    munmap(memory_, memory_bytes_);
}

void MachOImage::map() {
    const auto commands = at<uint32_t>(16);
    uint64_t dyld_info = 0;
    struct Content {
        uint64_t address, file_offset, file_bytes;
    };
    std::vector<Content> contents;
    uint64_t offset = 32;
    for (uint32_t i = 0; i < commands; ++i) {
        const auto command = at<uint32_t>(offset);
        if (command == command_segment_64) {
            segments_.push_back({at<uint64_t>(offset + 24), at<uint64_t>(offset + 32)});
            contents.push_back(
                {at<uint64_t>(offset + 24), at<uint64_t>(offset + 40), at<uint64_t>(offset + 48)});
            memory_bytes_ = std::max(memory_bytes_, segments_.back().address + segments_.back().bytes);
            const auto sections = at<uint32_t>(offset + 64);
            for (uint32_t s = 0; s < sections; ++s)
                REQUIRE_NE(at<uint32_t>(offset + 72 + s * 80 + 64) & 0xFF, section_initializers);
        } else if (command == command_symbols) {
            symbols_offset_ = at<uint32_t>(offset + 8);
            symbol_count_ = at<uint32_t>(offset + 12);
            strings_offset_ = at<uint32_t>(offset + 16);
        } else if (command == command_dyld_info) {
            dyld_info = offset;
        }
        offset += at<uint32_t>(offset + 4);
    }
    REQUIRE_NE(dyld_info, 0);
    void* memory =
        mmap(nullptr, memory_bytes_, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE((memory != MAP_FAILED));
    memory_ = static_cast<unsigned char*>(memory);
    for (const Content& content : contents)
        std::memcpy(memory_ + content.address, file_.data() + content.file_offset, content.file_bytes);
    rebase(at<uint32_t>(dyld_info + 8), at<uint32_t>(dyld_info + 12));
    bind(at<uint32_t>(dyld_info + 16), at<uint32_t>(dyld_info + 20), false);
    bind(at<uint32_t>(dyld_info + 32), at<uint32_t>(dyld_info + 36), true);
    __builtin___clear_cache(reinterpret_cast<char*>(memory_),
                            reinterpret_cast<char*>(memory_ + memory_bytes_));
}

void* MachOImage::place(std::size_t segment, uint64_t offset) const {
    REQUIRE_LT(segment, segments_.size());
    REQUIRE_LE(offset + 8, segments_[segment].bytes);
    return memory_ + segments_[segment].address + offset;
}

/// Adds where we are to pointers that were written for address 0.
void MachOImage::rebase(uint32_t offset, uint32_t bytes) {
    const unsigned char* at = file_.data() + offset;
    const unsigned char* const end = at + bytes;
    std::size_t segment = 0;
    uint64_t where = 0;
    const auto slide = [&](uint64_t count, uint64_t step) {
        for (uint64_t i = 0; i < count; ++i, where += step) {
            uint64_t pointer = 0;
            std::memcpy(&pointer, place(segment, where), sizeof(pointer));
            pointer += reinterpret_cast<uint64_t>(memory_);
            std::memcpy(place(segment, where), &pointer, sizeof(pointer));
        }
    };
    while (at < end) {
        const unsigned char opcode = *at & 0xF0;
        const unsigned char immediate = *at++ & 0x0F;
        switch (opcode) {
        case 0x00: // done
            return;
        case 0x10: // type
            REQUIRE_EQ(immediate, 1);
            break;
        case 0x20: // segment and offset
            segment = immediate;
            where = read_uleb(at);
            break;
        case 0x30: // add
            where += read_uleb(at);
            break;
        case 0x40: // add pointers
            where += immediate * 8u;
            break;
        case 0x50: // some in a row
            slide(immediate, 8);
            break;
        case 0x60: // many in a row
            slide(read_uleb(at), 8);
            break;
        case 0x70: // one, then add
            slide(1, 8);
            where += read_uleb(at);
            break;
        case 0x80: { // many, with room between
            const uint64_t count = read_uleb(at);
            slide(count, 8 + read_uleb(at));
            break;
        }
        default:
            FAIL("an unknown rebase opcode");
        }
    }
}

void MachOImage::bind(uint32_t offset, uint32_t bytes, bool lazy) {
    const unsigned char* at = file_.data() + offset;
    const unsigned char* const end = at + bytes;
    std::size_t segment = 0;
    uint64_t where = 0;
    std::string symbol;
    const auto put = [&](uint64_t step) {
        void* found = macho_import(symbol);
        REQUIRE_MESSAGE(found != nullptr, symbol);
        std::memcpy(place(segment, where), &found, sizeof(found));
        where += step;
    };
    while (at < end) {
        const unsigned char opcode = *at & 0xF0;
        const unsigned char immediate = *at++ & 0x0F;
        switch (opcode) {
        case 0x00: // done; of lazy ones: with this one
            if (!lazy)
                return;
            break;
        case 0x10: // library
        case 0x30:
        case 0x50: // type
            break;
        case 0x20:
        case 0x60:
            read_uleb(at);
            break;
        case 0x40: // symbol
            symbol = reinterpret_cast<const char*>(at);
            at += symbol.size() + 1;
            break;
        case 0x70: // segment and offset
            segment = immediate;
            where = read_uleb(at);
            break;
        case 0x80: // add
            where += read_uleb(at);
            break;
        case 0x90: // bind
            put(8);
            break;
        case 0xA0: { // bind, then add
            put(8);
            where += read_uleb(at);
            break;
        }
        case 0xB0: // bind, then add pointers
            put(8 + immediate * 8u);
            break;
        case 0xC0: { // many, with room between
            const uint64_t count = read_uleb(at);
            const uint64_t skip = read_uleb(at);
            for (uint64_t i = 0; i < count; ++i)
                put(8 + skip);
            break;
        }
        default:
            FAIL("an unknown bind opcode");
        }
    }
}

void* MachOImage::find_export(const std::string& name) const {
    for (uint32_t i = 0; i < symbol_count_; ++i) {
        const uint64_t symbol = symbols_offset_ + i * 16u;
        const char* text =
            reinterpret_cast<const char*>(file_.data()) + strings_offset_ + at<uint32_t>(symbol);
        if (name == text)
            return memory_ + at<uint64_t>(symbol + 8);
    }
    return nullptr;
}

} // namespace tutti::coreaudio::test
