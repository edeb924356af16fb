#include "ptp/lucky_window.hpp"

#include <algorithm>

namespace tutti::aes67::ptp {

void LuckyWindow::add(const TimePair& pair) noexcept {
    pairs_[next_] = pair;
    next_ = (next_ + 1) % capacity;
    count_ = std::min(count_ + 1, capacity);
    while (count_ > fewest && pair.local_ns - newest(count_ - 1).local_ns > span_ns)
        --count_;
}

void LuckyWindow::shorten(size_t keep) noexcept {
    count_ = std::min(count_, keep);
}

LuckyWindow::Verdict LuckyWindow::judge(const Line& line) const noexcept {
    std::array<double, capacity> delays{};
    for (size_t age = 0; age < count_; ++age)
        delays[age] = sign_ * line.beyond(newest(age));
    const double latest = delays[0];
    const auto begin = delays.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(count_);
    const auto quarter = begin + static_cast<std::ptrdiff_t>((count_ - 1) / 4);
    std::nth_element(begin, quarter, end);
    const double mark = *quarter;
    const double fastest = *std::min_element(begin, quarter + 1);
    const auto half = begin + static_cast<std::ptrdiff_t>(count_ / 2);
    std::nth_element(quarter, half, end);
    const int64_t reach = newest(0).local_ns - newest(count_ - 1).local_ns;
    return {latest - mark, mark - fastest, 2 * (*half - fastest), static_cast<double>(reach) * 1e-9, count_};
}

} // namespace tutti::aes67::ptp
