#pragma once
#include <CoreAudio/AudioServerPlugIn.h>

#include <cstring>

namespace tutti::coreaudio {

/**
 * Takes a property's value, item by item. The same code that writes a value also counts its size (without a
 * buffer), so that the two can never disagree. A list is cut off after the last item that fits in whole; a
 * value is all or nothing.
 */
class PropertyWriter {
  public:
    /// Only counts.
    PropertyWriter() noexcept = default;
    PropertyWriter(void* to, UInt32 capacity) noexcept : to_(static_cast<char*>(to)), capacity_(capacity) {}

    template <typename T> void add(const T& item) noexcept {
        const UInt32 bytes = sizeof(T);
        if (to_ != nullptr) {
            if (full_ || capacity_ - bytes_ < bytes) {
                full_ = true;
                return;
            }
            std::memcpy(to_ + bytes_, &item, bytes);
        }
        bytes_ += bytes;
    }
    void u32(UInt32 value) noexcept { add(value); }

    /// The caller of the property owns the string. Made only if there is room for the reference.
    void text(const char* utf8) noexcept {
        if (to_ == nullptr || capacity_ - bytes_ < sizeof(CFStringRef)) {
            add<CFStringRef>(nullptr);
            return;
        }
        add(CFStringCreateWithBytes(nullptr, reinterpret_cast<const UInt8*>(utf8),
                                    static_cast<CFIndex>(std::strlen(utf8)), kCFStringEncodingUTF8, 0));
    }

    [[nodiscard]] UInt32 bytes() const noexcept { return bytes_; }
    /// Something did not fit.
    [[nodiscard]] bool full() const noexcept { return full_; }

  private:
    char* to_ = nullptr;
    UInt32 capacity_ = 0;
    UInt32 bytes_ = 0;
    bool full_ = false;
};

} // namespace tutti::coreaudio
