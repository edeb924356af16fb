// Just enough JSON to read a clock source's options: an object of strings, integers and truths.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tutti::aes67 {

// Each step returns what it took, or nothing. [control]
class OptionReader {
  public:
    static constexpr size_t most_bytes = 1024; // longer texts are not worth reading

    explicit OptionReader(std::string_view text) : rest_(text) {}

    // Reads all of the text as an object; an empty text is an empty one. `take_value` reads the value of the
    // member with that name, and returns a sentence if it will not do. Empty, or a sentence: that one or
    // `malformed`.
    std::string take_object(const std::function<std::string(std::string_view name)>& take_value,
                            const std::string& malformed);

    bool take(char expected);
    // A string without escapes: no name or value that we know has one.
    std::optional<std::string_view> take_string();
    // Digits only, at most nine.
    std::optional<int64_t> take_integer();
    std::optional<bool> take_bool();
    bool at_end();

  private:
    void skip_space();

    std::string_view rest_;
};

// As it is repeated in a message: short, and printable whatever came in.
std::string quoted(std::string_view text);

} // namespace tutti::aes67
