#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tutti::prbs {

/// How samples lie in a stream of bytes.
struct SampleLayout {
    enum class Kind { integer, real };
    Kind kind = Kind::integer;
    unsigned bytes = 0;
    unsigned bits = 0; ///< of the number inside; the rest of the bytes above it is ignored
    bool big_endian = false;

    /// s16le s24_3le s24le s32le s16be s24be s32be f32le
    static std::optional<SampleLayout> named(std::string_view name);

    /// Writes a left-justified 32-bit sample.
    void put(int32_t sample, uint8_t* to) const noexcept;
    /// Reads one, left-justified; false if it is a float that is no integer of 24 bits.
    bool get(const uint8_t* from, int32_t& sample) const noexcept;
};

} // namespace tutti::prbs
