#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tutti::coreaudio {

/// One flat object of numbers and words as JSON, in a buffer of its own: the driver links no C++ library and
/// formats nothing that printf would be needed for.
class JsonText {
  public:
    void number(const char* key, uint64_t value) noexcept {
        char digits[24];
        std::size_t begin = sizeof(digits) - 1;
        digits[begin] = '\0';
        do {
            digits[--begin] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        begin_field(key);
        append(digits + begin);
    }
    /// `value` needs no escaping.
    void word(const char* key, const char* value) noexcept {
        begin_field(key);
        append("\"");
        append(value);
        append("\"");
    }
    const char* end() noexcept {
        append(bytes_ == 0 ? "{}" : "}");
        return text_;
    }

    /// The number of a key in such a text; false if it is not there or too large. Anything else may be in the
    /// text.
    static bool find(const char* text, const char* key, uint32_t& value) noexcept {
        const std::size_t length = std::strlen(key);
        for (const char* at = std::strchr(text, '"'); at != nullptr; at = std::strchr(at + 1, '"')) {
            if (std::strncmp(at + 1, key, length) != 0 || at[1 + length] != '"')
                continue;
            const char* digit = at + length + 2;
            while (*digit == ':' || *digit == ' ')
                ++digit;
            uint64_t number = 0;
            const char* const first = digit;
            for (; *digit >= '0' && *digit <= '9'; ++digit) {
                number = number * 10 + static_cast<uint64_t>(*digit - '0');
                if (number > UINT32_MAX)
                    return false;
            }
            if (digit == first)
                return false;
            value = static_cast<uint32_t>(number);
            return true;
        }
        return false;
    }

  private:
    void begin_field(const char* key) noexcept {
        append(bytes_ == 0 ? "{\"" : ",\"");
        append(key);
        append("\":");
    }
    void append(const char* text) noexcept {
        for (; *text != '\0' && bytes_ + 1 < sizeof(text_); ++text)
            text_[bytes_++] = *text;
        text_[bytes_] = '\0';
    }

    char text_[512] = {};
    std::size_t bytes_ = 0;
};

} // namespace tutti::coreaudio
