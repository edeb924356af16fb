#include "runs.hpp"

namespace tutti::tools {

void Runs::add(std::optional<int64_t> delay, int64_t wall_ns) {
    if (runs_.empty() || cut_ || runs_.back().delay != delay) {
        cut_ = false;
        if (runs_.size() == most_runs) {
            ++left_out_;
            return;
        }
        runs_.push_back({delay, 0, wall_ns, wall_ns});
    }
    ++runs_.back().frames;
    runs_.back().end_ns = wall_ns;
}

std::string Runs::to_json() const {
    std::string text = "[";
    for (const Run& run : runs_) {
        if (text.size() > 1)
            text += ",";
        text += "{\"delay\":" + (run.delay ? std::to_string(*run.delay) : "null") +
                ",\"frames\":" + std::to_string(run.frames) +
                ",\"beginMs\":" + std::to_string(static_cast<double>(run.begin_ns / 1000) / 1000) +
                ",\"endMs\":" + std::to_string(static_cast<double>(run.end_ns / 1000) / 1000) + "}";
    }
    return text + "],\"leftOut\":" + std::to_string(left_out_);
}

} // namespace tutti::tools
