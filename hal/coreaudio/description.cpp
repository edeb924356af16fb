#include "description.hpp"

#include <cstring>

namespace tutti::coreaudio {
namespace {

/// A text from outside: at most as long as ours, ended, without half a character at its end.
bool copy_text(char (&to)[TUTTI_LINK_NAME_BYTES], const char (&from)[TUTTI_LINK_NAME_BYTES]) noexcept {
    char text[TUTTI_LINK_NAME_BYTES];
    std::memcpy(text, from, sizeof(text));
    std::size_t end = 0;
    while (end < sizeof(text) - 1 && text[end] != '\0')
        ++end;
    if (end == sizeof(text) - 1) {
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end;
    }
    std::memset(text + end, 0, sizeof(text) - end);
    if (std::memcmp(to, text, sizeof(text)) == 0)
        return false;
    std::memcpy(to, text, sizeof(text));
    return true;
}

} // namespace

void Description::take(const tutti_link_device& said, const Configuration& configuration,
                       ChangedProperties& changed) noexcept {
    if (said.name[0] != '\0' && copy_text(name, said.name))
        changed.add(kAudioObjectPropertyName);
    for (UInt32 i = 0; i < TUTTI_REGION_MAX_CHANNELS; ++i) {
        if (copy_text(input_names[i], said.input_names[i]) && i < configuration.inputs)
            changed.add(kAudioObjectPropertyElementName, kAudioObjectPropertyScopeInput, i + 1);
        if (copy_text(output_names[i], said.output_names[i]) && i < configuration.outputs)
            changed.add(kAudioObjectPropertyElementName, kAudioObjectPropertyScopeOutput, i + 1);
    }
}

} // namespace tutti::coreaudio
