// Loads the built library as the engine does, runs its clock "ptpv1" and compares media time with
// CLOCK_REALTIME plus the offset that ptpv1_sender serves on the same kernel: the difference is the whole
// error, the path delay that it cannot know included.
//   ptpv1_peer LIBRARY OPTIONS OFFSET_NS SECONDS
// Prints the clock's last report and one line of JSON; ptpv1_peer.sh sets the stage.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "clock_kit.hpp"
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
    return plugin && plugin->clock_count > 0 ? plugin->clocks[0] : nullptr;
}

int64_t quantile(const std::vector<int64_t>& sorted, double q) {
    return sorted.empty() ? -1 : sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int main(int count, char** arguments) {
    if (count != 5) {
        std::fprintf(stderr, "usage: ptpv1_peer LIBRARY OPTIONS OFFSET_NS SECONDS\n");
        return 2;
    }
    const tutti_clock_source* source = find_clock(arguments[1]);
    if (!source) {
        std::fprintf(stderr, "%s offers no clock\n", arguments[1]);
        return 1;
    }
    const int64_t offset_ns = std::atoll(arguments[3]);
    Latest latest;
    char error[256] = "";
    void* clock = source->start(arguments[2], Latest::publish, &latest, error, sizeof error);
    if (!clock) {
        std::fprintf(stderr, "%s\n", error);
        return 1;
    }
    const int64_t begin = tutti::dante_compat::local_now();
    const int64_t duration = std::atoll(arguments[4]) * 1'000'000'000;
    int64_t locked_at = -1;
    int64_t not_locked = 0;
    int64_t beyond_claim = 0;
    std::vector<int64_t> errors;
    for (int64_t now = begin; now - begin < duration; usleep(5000)) {
        const auto pair = tutti::dante_compat::read_clock_pair(CLOCK_REALTIME);
        now = pair.local_ns;
        const tutti_clock_relation r = latest.get();
        if (r.state != tutti_clock_locked) {
            not_locked += locked_at >= 0;
            continue;
        }
        if (locked_at < 0)
            locked_at = now;
        const int64_t elapsed = now - r.local_ns;
        const int64_t media =
            r.media_ns + elapsed + static_cast<int64_t>(static_cast<double>(elapsed) * r.rate_deviation);
        errors.push_back(std::llabs(media - pair.wall_ns - offset_ns));
        beyond_claim += errors.back() > r.error_ns;
    }
    const tutti_clock_relation last = latest.get();
    std::vector<char> report(65536);
    source->report(clock, report.data(), report.size());
    source->stop(clock);
    std::sort(errors.begin(), errors.end());
    std::printf("%s\n", report.data());
    std::printf("{\"lockMs\": %" PRId64 ", \"errorNs\": {\"median\": %" PRId64 ", \"p99\": %" PRId64
                ", \"max\": %" PRId64 "}, \"estimatedErrorNs\": %" PRId64 ", \"beyondEstimate\": %" PRId64
                ", \"samples\": %zu, \"notLocked\": %" PRId64 ", \"steps\": %" PRIu64 "}\n",
                locked_at < 0 ? -1 : (locked_at - begin) / 1'000'000, quantile(errors, 0.5),
                quantile(errors, 0.99), quantile(errors, 1), last.error_ns, beyond_claim, errors.size(),
                not_locked, last.generation - 1);
    return locked_at < 0 ? 1 : 0;
}
