// Writes the JSON of a source's report: compact, always well-formed UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tutti::aes67 {

// [control] Allocates. Calls nest as the text does; a name comes before each value in an object.
class JsonWriter {
  public:
    static constexpr size_t most_string_bytes = 256; // longer ones are cut

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }

    // What does not know how to be UTF-8 or printable becomes an escape or a question mark.
    JsonWriter& name(std::string_view text);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(bool truth);
    JsonWriter& value(int64_t number);
    JsonWriter& value(uint64_t number);
    JsonWriter& value(int number) { return value(int64_t{number}); }
    // With that many decimals; null if it is no number.
    JsonWriter& value(double number, int decimals);

    template <typename Value> JsonWriter& member(std::string_view of, const Value& is) {
        return name(of).value(is);
    }

    const std::string& text() const { return text_; }

  private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    JsonWriter& raw(std::string_view text);
    void quote(std::string_view text);
    void separate();

    std::string text_;
};

} // namespace tutti::aes67
