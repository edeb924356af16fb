// What every clock source does at the edge of the ABI (native/include/tutti/clock.h), which nothing that is
// thrown may leave.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string_view>

#include "tutti/clock.h"

namespace tutti::aes67 {

// Why a source does not start, for the ABI's `start`.
class StartRefusal {
  public:
    StartRefusal(char* error, size_t bytes) : error_(error), bytes_(bytes) {}

    // One sentence. Returns what `start` returns then.
    void* operator()(const char* sentence) const {
        if (error_ && bytes_ > 0)
            std::snprintf(error_, bytes_, "%s", sentence);
        return nullptr;
    }

  private:
    char* error_;
    size_t bytes_;
};

// The ABI's `start` of "The NAME clock" [control]. `make` gives the handle, or what it refuses with.
template <typename Make>
void* start_source(const char* name, tutti_clock_publish_fn publish, const StartRefusal& refuse, Make make) {
    char sentence[256];
    try {
        if (publish)
            return make();
        std::snprintf(sentence, sizeof sentence, "The %s clock was started without a function to publish to.",
                      name);
    } catch (const std::exception& failure) {
        std::snprintf(sentence, sizeof sentence, "The %s clock could not start: %s.", name, failure.what());
    }
    return refuse(sentence);
}

template <typename Source> void stop_source(void* handle) {
    delete static_cast<Source*>(handle);
}

// What the ABI's `report` returns for `json`: its length, and the text with a NUL if there is room for both.
inline size_t hand_over(std::string_view json, char* out, size_t bytes) {
    if (out && json.size() < bytes)
        *std::copy(json.begin(), json.end(), out) = '\0';
    return json.size();
}

template <typename Source> size_t report_source(void* handle, char* json, size_t bytes) {
    try {
        return hand_over(static_cast<const Source*>(handle)->report(), json, bytes);
    } catch (const std::exception&) {
        return 0; // no memory: nothing to tell
    }
}

// The ABI's table of a source that is a `Source` on the heap.
template <typename Source>
tutti_clock_source source_of(const char* id, decltype(tutti_clock_source::start) start) noexcept {
    return {.size = sizeof(tutti_clock_source),
            .abi = TUTTI_ABI,
            .id = id,
            .start = start,
            .stop = stop_source<Source>,
            .report = report_source<Source>};
}

} // namespace tutti::aes67
