#include "stored_configuration.hpp"

#include "json_text.hpp"

#include <cstring>

namespace tutti::coreaudio::stored_configuration {
namespace {

constexpr char storage_key[] = "configuration";

class OwnedText {
  public:
    explicit OwnedText(const char* utf8) noexcept
        : text_(CFStringCreateWithBytes(nullptr, reinterpret_cast<const UInt8*>(utf8),
                                        static_cast<CFIndex>(std::strlen(utf8)), kCFStringEncodingUTF8, 0)) {}
    ~OwnedText() {
        if (text_ != nullptr)
            CFRelease(text_);
    }
    OwnedText(const OwnedText&) = delete;
    OwnedText& operator=(const OwnedText&) = delete;
    [[nodiscard]] CFStringRef get() const noexcept { return text_; }

  private:
    CFStringRef text_;
};

} // namespace

bool load(AudioServerPlugInHostRef host, Configuration& configuration) noexcept {
    const OwnedText key(storage_key);
    CFPropertyListRef data = nullptr;
    if (host->CopyFromStorage(host, key.get(), &data) != kAudioHardwareNoError || data == nullptr)
        return false;
    char text[256];
    const bool complete =
        CFGetTypeID(data) == CFStringGetTypeID() &&
        CFStringGetCString(static_cast<CFStringRef>(data), text, sizeof(text), kCFStringEncodingUTF8) != 0 &&
        JsonText::find(text, "rate", configuration.rate) &&
        JsonText::find(text, "inputs", configuration.inputs) &&
        JsonText::find(text, "outputs", configuration.outputs);
    CFRelease(data);
    // Not there in what older drivers stored; the engine will say.
    JsonText::find(text, "inputLatency", configuration.input_latency);
    JsonText::find(text, "outputLatency", configuration.output_latency);
    configuration.safety = tutti_link_safety_frames(configuration.rate);
    return complete && configuration.is_sound();
}

void store(AudioServerPlugInHostRef host, const Configuration& configuration) noexcept {
    JsonText json;
    json.number("rate", configuration.rate);
    json.number("inputs", configuration.inputs);
    json.number("outputs", configuration.outputs);
    json.number("inputLatency", configuration.input_latency);
    json.number("outputLatency", configuration.output_latency);
    const OwnedText key(storage_key);
    const OwnedText value(json.end());
    if (value.get() != nullptr)
        host->WriteToStorage(host, key.get(), value.get());
}

} // namespace tutti::coreaudio::stored_configuration
