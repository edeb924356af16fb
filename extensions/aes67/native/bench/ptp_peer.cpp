// Loads the built library as the engine does, runs its clock "ptp" and compares media time with
// CLOCK_REALTIME, which a ptp4l master with software timestamps serves on the same kernel: the difference is
// the whole error.
//   ptp_peer LIBRARY OPTIONS SECONDS
// Prints one line of JSON; ptp_peer.sh sets the stage.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

#include "system_clock.hpp"
#include "tutti/clock.h"

namespace {

class Latest {
  public:
    static void publish(void* context, const tutti_clock_relation* relation) {
        auto& self = *static_cast<Latest*>(context);
        const std::lock_guard lock(self.mutex_);
        self.relation_ = *relation;
    }
    tutti_clock_relation get() const {
        const std::lock_guard lock(mutex_);
        return relation_;
    }

  private:
    mutable std::mutex mutex_;
    tutti_clock_relation relation_{};
};

const tutti_host host = {sizeof(tutti_host), TUTTI_ABI, [](int, const char* code, const char* message) {
                             std::fprintf(stderr, "%s: %s\n", code, message);
                         }};

const tutti_clock_source* find_clock(const char* library) {
    void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    const auto entry =
        handle ? reinterpret_cast<tutti_plugin_entry_fn>(dlsym(handle, TUTTI_PLUGIN_ENTRY)) : nullptr;
    const tutti_plugin* plugin = entry ? entry(&host) : nullptr;
    for (uint32_t i = 0; plugin && i < plugin->clock_count; ++i) {
        if (std::strcmp(plugin->clocks[i]->id, "ptp") == 0)
            return plugin->clocks[i];
    }
    return nullptr;
}

int64_t quantile(const std::vector<int64_t>& sorted, double q) {
    return sorted.empty() ? -1 : sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fprintf(stderr, "usage: ptp_peer LIBRARY OPTIONS SECONDS\n");
        return 2;
    }
    const tutti_clock_source* source = find_clock(arguments[1]);
    if (!source) {
        std::fprintf(stderr, "%s offers no clock \"ptp\"\n", arguments[1]);
        return 1;
    }
    Latest latest;
    char error[256] = "";
    void* clock = source->start(arguments[2], Latest::publish, &latest, error, sizeof error);
    if (!clock) {
        std::fprintf(stderr, "%s\n", error);
        return 1;
    }
    const auto read = [] { return tutti::aes67::read_clock_pair(CLOCK_REALTIME); };
    const int64_t begin = read().local_ns;
    const int64_t duration = std::atoll(arguments[3]) * 1'000'000'000;
    int64_t locked_at = -1;
    int64_t claimed = 0;
    int64_t skipped = 0;
    std::vector<int64_t> errors;
    for (int64_t now = begin; now - begin < duration; usleep(5000)) {
        const auto pair = read();
        now = pair.local_ns;
        const tutti_clock_relation r = latest.get();
        if (r.state != tutti_clock_locked) {
            skipped += locked_at >= 0;
            continue;
        }
        if (locked_at < 0)
            locked_at = now;
        const int64_t elapsed = now - r.local_ns;
        const int64_t media =
            r.media_ns + elapsed + static_cast<int64_t>(static_cast<double>(elapsed) * r.rate_deviation);
        errors.push_back(std::llabs(media - pair.wall_ns));
        claimed = std::max(claimed, r.error_ns);
    }
    const tutti_clock_relation last = latest.get();
    source->stop(clock);
    const int64_t first = errors.empty() ? -1 : errors.front();
    std::sort(errors.begin(), errors.end());
    std::printf("{\"lockMs\": %" PRId64 ", \"errorNs\": {\"first\": %" PRId64 ", \"median\": %" PRId64
                ", \"p99\": %" PRId64 ", \"max\": %" PRId64 "}, \"estimatedErrorNs\": %" PRId64
                ", \"mostEstimatedErrorNs\": %" PRId64 ", \"samples\": %zu, \"notLocked\": %" PRId64
                ", \"steps\": %" PRIu64 "}\n",
                locked_at < 0 ? -1 : (locked_at - begin) / 1'000'000, first, quantile(errors, 0.5),
                quantile(errors, 0.99), quantile(errors, 1), last.error_ns, claimed, errors.size(), skipped,
                last.generation - 1);
    return locked_at < 0 ? 1 : 0;
}
