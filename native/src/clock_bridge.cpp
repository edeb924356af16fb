#include "clock_bridge.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace tutti {

ClockBridge::ClockBridge() {
    tutti_clock_relation relation{};
    relation.size = sizeof(relation);
    relation.abi = TUTTI_ABI;
    relation.state = tutti_clock_free_run;
    relation.local_ns = local_now_ns();
    relation.media_ns = read_clock_ns(CLOCK_TAI);
    relation.error_ns = -1;
    relation_.store(relation);
}

ClockBridge::~ClockBridge() {
    stop();
}

bool ClockBridge::start(const tutti_clock_source& source, const std::string& options, std::string& error) {
    stop();
    std::array<char, 256> reason{};
    void* handle =
        source.start(options.c_str(), &ClockBridge::on_publish, this, reason.data(), reason.size() - 1);
    if (handle == nullptr) {
        error = reason[0] != '\0' ? reason.data() : "the clock source did not start";
        return false;
    }
    source_ = &source;
    handle_ = handle;
    return true;
}

void ClockBridge::stop() {
    if (source_ == nullptr)
        return;
    source_->stop(handle_);
    source_ = nullptr;
    handle_ = nullptr;
    tutti_clock_relation last = relation();
    last.state = tutti_clock_free_run;
    last.error_ns = -1;
    last.has_grandmaster = 0;
    relation_.store(last);
}

tutti_clock_relation ClockBridge::relation() const noexcept {
    tutti_clock_relation relation{};
    while (!relation_.load(relation)) {
    }
    return relation;
}

void ClockBridge::on_publish(void* context, const tutti_clock_relation* relation) noexcept {
    // A plug-in's numbers are outside data: what is out of range is not taken.
    if (relation->size < sizeof(tutti_clock_relation) || relation->media_ns < 0 ||
        relation->state > tutti_clock_holdover || !(std::fabs(relation->rate_deviation) <= 1e-3)) {
        return;
    }
    static_cast<ClockBridge*>(context)->relation_.store(*relation);
}

} // namespace tutti
