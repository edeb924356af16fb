#include "datagrams.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <ctime>

using namespace tutti;

namespace arrival_times_test {

constexpr int64_t second = 1'000'000'000;

/// A message as the kernel stamps it.
struct Stamped {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control{};
    msghdr header{};

    explicit Stamped(int64_t wall_ns) {
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        cmsghdr* part = CMSG_FIRSTHDR(&header);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_TIMESTAMPNS;
        part->cmsg_len = CMSG_LEN(sizeof(timespec));
        const timespec wall{wall_ns / second, wall_ns % second};
        std::memcpy(CMSG_DATA(part), &wall, sizeof(wall));
    }
};

/// When what was stamped then came, six seconds into local time.
int64_t arrival(const ArrivalTimes& times, int64_t wall_ns) {
    Stamped message(wall_ns);
    return times.of(message.header, 6 * second);
}

TEST_CASE("a stamp of the kernel becomes local time; nothing comes from the future") {
    ArrivalTimes times;
    for (int cycle = 0; cycle < 2; ++cycle)
        times.relate(-1000 * second);
    CHECK(arrival(times, 1005 * second) == 5 * second);
    CHECK(arrival(times, 1007 * second) == 6 * second);
}

TEST_CASE("what was stamped before wall time was stepped, in either direction, came now") {
    for (const int64_t step : {2 * second, -2 * second, 50'000 * second}) {
        ArrivalTimes times;
        times.relate(-1000 * second);
        times.relate(-1000 * second);
        times.relate(-1000 * second - step);
        CHECK(arrival(times, 1005 * second) == 6 * second);
        times.relate(-1000 * second - step);
        CHECK(arrival(times, 1005 * second + step) == 5 * second);
    }
}

} // namespace arrival_times_test
