// Loads the built library as the engine does, runs one of its clocks and prints once a second what it
// publishes and reports.
//   clock_report LIBRARY SOURCE OPTIONS SECONDS
// One JSON object a line; the last one says how far the line ever was from its own continuation.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include "tutti/clock.h"

namespace {

const char* const state_names[] = {"free-run", "listening", "calibrating", "locked", "holdover"};

int64_t media_at(const tutti_clock_relation& relation, int64_t local_ns) {
    const int64_t elapsed = local_ns - relation.local_ns;
    return relation.media_ns + elapsed +
           static_cast<int64_t>(static_cast<double>(elapsed) * relation.rate_deviation);
}

// What was published last, and whether it continued what was published before.
class Published {
  public:
    static void publish(void* context, const tutti_clock_relation* relation) {
        auto& self = *static_cast<Published*>(context);
        const std::lock_guard lock(self.mutex_);
        if (self.any_ && self.last_.generation == relation->generation) {
            const int64_t gap = relation->media_ns - media_at(self.last_, relation->local_ns);
            self.worst_gap_ns_ = std::max<int64_t>(self.worst_gap_ns_, std::llabs(gap));
        }
        self.any_ = true;
        self.last_ = *relation;
    }
    tutti_clock_relation last() const {
        const std::lock_guard lock(mutex_);
        return last_;
    }
    int64_t worst_gap_ns() const {
        const std::lock_guard lock(mutex_);
        return worst_gap_ns_;
    }

  private:
    mutable std::mutex mutex_;
    tutti_clock_relation last_{};
    bool any_ = false;
    int64_t worst_gap_ns_ = 0;
};

const tutti_host host = {sizeof(tutti_host), TUTTI_ABI, [](int, const char* code, const char* message) {
                             std::fprintf(stderr, "%s: %s\n", code, message);
                         }};

const tutti_clock_source* find_clock(const char* library, const char* id) {
    void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    const auto entry =
        handle ? reinterpret_cast<tutti_plugin_entry_fn>(dlsym(handle, TUTTI_PLUGIN_ENTRY)) : nullptr;
    const tutti_plugin* plugin = entry ? entry(&host) : nullptr;
    for (uint32_t i = 0; plugin && i < plugin->clock_count; ++i) {
        if (std::strcmp(plugin->clocks[i]->id, id) == 0)
            return plugin->clocks[i];
    }
    return nullptr;
}

std::string report_of(const tutti_clock_source& source, void* clock) {
    if (!source.report)
        return "{}";
    std::string text(32 * 1024, '\0');
    text.resize(std::min(source.report(clock, text.data(), text.size()), text.size()));
    return text;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        std::fprintf(stderr, "usage: clock_report LIBRARY SOURCE OPTIONS SECONDS\n");
        return 2;
    }
    const tutti_clock_source* source = find_clock(arguments[1], arguments[2]);
    if (!source) {
        std::fprintf(stderr, "%s offers no clock \"%s\"\n", arguments[1], arguments[2]);
        return 1;
    }
    Published published;
    char error[256] = "";
    void* clock = source->start(arguments[3], Published::publish, &published, error, sizeof error);
    if (!clock) {
        std::fprintf(stderr, "%s\n", error);
        return 1;
    }
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    for (int second = 1; second <= std::atoi(arguments[4]); ++second) {
        sleep(1);
        const tutti_clock_relation last = published.last();
        std::printf("{\"second\": %d, \"state\": \"%s\", \"errorNs\": %" PRId64 ", \"generation\": %" PRIu64
                    ", \"report\": %s}\n",
                    second, state_names[last.state % 5], last.error_ns, last.generation,
                    report_of(*source, clock).c_str());
    }
    source->stop(clock);
    std::printf("{\"worstGapNs\": %" PRId64 "}\n", published.worst_gap_ns());
    return 0;
}
