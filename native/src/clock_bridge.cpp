#include "clock_bridge.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace tutti {
namespace {

/// An election table of 64 clocks is a tenth of it.
constexpr std::size_t most_report_bytes = 256 * 1024;

/// A plug-in's numbers are outside data.
bool is_sound(const tutti_clock_relation& relation) noexcept {
    return relation.size >= sizeof(tutti_clock_relation) && relation.media_ns >= 0 &&
           relation.state <= tutti_clock_holdover && std::fabs(relation.rate_deviation) <= 1e-3;
}

bool knows_time(uint32_t state) noexcept {
    return state != tutti_clock_listening && state != tutti_clock_calibrating;
}

tutti_clock_relation free_running(const Timeline& line) noexcept {
    tutti_clock_relation relation{};
    relation.size = sizeof(relation);
    relation.abi = TUTTI_ABI;
    relation.state = tutti_clock_free_run;
    relation.local_ns = line.local_ns;
    relation.media_ns = line.media_ns;
    relation.rate_deviation = line.rate_deviation;
    relation.error_ns = -1;
    return relation;
}

} // namespace

ClockBridge::ClockBridge() {
    Timeline system;
    system.local_ns = local_now_ns();
    system.media_ns = system_tai_ns();
    relation_.store(free_running(system));
}

ClockBridge::~ClockBridge() {
    stop();
}

void ClockBridge::continue_line(const Timeline& line) noexcept {
    const tutti_clock_relation relation = free_running(line);
    if (source_ == nullptr && is_sound(relation))
        relation_.store(relation);
}

bool ClockBridge::start(const tutti_clock_source& source, const std::string& options, std::string& error) {
    auto feed = std::make_unique<Feed>(*this);
    std::array<char, 256> reason{};
    void* handle =
        source.start(options.c_str(), &ClockBridge::on_publish, feed.get(), reason.data(), reason.size() - 1);
    if (handle == nullptr) {
        error = reason[0] != '\0' ? reason.data() : "the clock source did not start";
        return false;
    }
    stop();
    source_ = &source;
    handle_ = handle;
    feed_ = std::move(feed);
    held_ = free_running(Timeline{});
    const tutti_clock_relation before = relation();
    held_.local_ns = before.local_ns;
    held_.media_ns = before.media_ns;
    held_.rate_deviation = before.rate_deviation;
    tutti_clock_relation first{};
    if (feed_->early.load(first))
        take(*feed_, first);
    feed_->live.store(true, std::memory_order_release);
    return true;
}

void ClockBridge::stop() noexcept {
    if (source_ == nullptr)
        return;
    source_->stop(handle_);
    source_ = nullptr;
    handle_ = nullptr;
    feed_.reset();
}

tutti_clock_relation ClockBridge::relation() const noexcept {
    tutti_clock_relation relation{};
    while (!relation_.load(relation)) {
    }
    return relation;
}

std::string ClockBridge::report() const {
    std::string text;
    if (source_ == nullptr || source_->report == nullptr)
        return text;
    text.resize(16 * 1024);
    // Again with more room: the report may have grown meanwhile, but not for ever.
    for (int attempt = 0; attempt < 3; ++attempt) {
        const std::size_t length = source_->report(handle_, text.data(), text.size());
        if (length < text.size()) {
            text.resize(length);
            return text;
        }
        if (length >= most_report_bytes)
            break;
        text.resize(length + length / 4 + 1);
    }
    return {};
}

void ClockBridge::on_publish(void* context, const tutti_clock_relation* relation) noexcept {
    if (!is_sound(*relation))
        return;
    Feed& feed = *static_cast<Feed*>(context);
    if (feed.live.load(std::memory_order_acquire))
        feed.bridge.take(feed, *relation);
    else
        feed.early.store(*relation);
}

/// From the source's thread, or from start() while that does not come here yet.
void ClockBridge::take(Feed& feed, const tutti_clock_relation& relation) noexcept {
    feed.knows_time = feed.knows_time || knows_time(relation.state);
    if (feed.knows_time) {
        relation_.store(relation);
        return;
    }
    tutti_clock_relation line = held_;
    line.state = relation.state;
    line.domain = relation.domain;
    relation_.store(line);
}

} // namespace tutti
