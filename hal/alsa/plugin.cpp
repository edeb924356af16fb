/// The one entry of libasound_module_pcm_tutti.so: reads the configuration of `type tutti` (alsa-lib,
/// pcm_external.h).
#include "pcm.hpp"

#include <cstring>

namespace {

/// A number of the configuration, written as such or as text (arguments of a PCM name may be either).
bool read_number(snd_config_t* node, long low, long high, uint32_t& value) {
    long number = 0;
    char* text = nullptr;
    if (snd_config_get_integer(node, &number) < 0) {
        if (snd_config_get_ascii(node, &text) < 0)
            return false;
        char* end = nullptr;
        number = strtol(text, &end, 10);
        const bool whole = end != text && *end == '\0';
        free(text);
        if (!whole)
            return false;
    }
    if (number < low || number > high)
        return false;
    value = static_cast<uint32_t>(number);
    return true;
}

int read_options(snd_config_t* conf, tutti::hal::PcmOptions& options) {
    constexpr long most = TUTTI_REGION_MAX_CHANNELS;
    uint32_t first = 1;
    snd_config_iterator_t i;
    snd_config_iterator_t next;
    snd_config_for_each(i, next, conf) {
        snd_config_t* node = snd_config_iterator_entry(i);
        const char* id = nullptr;
        if (snd_config_get_id(node, &id) < 0)
            continue;
        if (strcmp(id, "comment") == 0 || strcmp(id, "type") == 0 || strcmp(id, "hint") == 0)
            continue;
        if (strcmp(id, "region") == 0) {
            const char* path = nullptr;
            if (snd_config_get_string(node, &path) < 0 || path[0] != '/') {
                SNDERR("tutti: region must be an absolute path");
                return -EINVAL;
            }
            options.region = path;
        } else if (strcmp(id, "channels") == 0) {
            // 0, too, leaves it to the application: a configuration with arguments needs a default.
            if (!read_number(node, 0, most, options.channels)) {
                SNDERR("tutti: channels must be a number from 1 to %ld, or 0", most);
                return -EINVAL;
            }
        } else if (strcmp(id, "first") == 0) {
            if (!read_number(node, 1, most, first)) {
                SNDERR("tutti: first must be a channel from 1 to %ld", most);
                return -EINVAL;
            }
        } else {
            SNDERR("tutti: unknown field %s (known: region, channels, first)", id);
            return -EINVAL;
        }
    }
    if (options.region.empty()) {
        SNDERR("tutti: region is missing: the path of the device region");
        return -EINVAL;
    }
    options.first = first - 1;
    return 0;
}

} // namespace

// alsa-lib looks both names up in the library.
#pragma GCC visibility push(default)
extern "C" {

SND_PCM_PLUGIN_DEFINE_FUNC(tutti) {
    (void)root;
    tutti::hal::PcmOptions options;
    if (const int error = read_options(conf, options); error < 0)
        return error;
    return tutti::hal::Pcm::open(pcmp, name, options, stream, mode);
}

SND_PCM_PLUGIN_SYMBOL(tutti);
}
#pragma GCC visibility pop
