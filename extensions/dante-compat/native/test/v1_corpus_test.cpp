// Real devices' messages.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "capture.hpp"
#include "observer.hpp"
#include "v1_message.hpp"

using namespace tutti::dante_compat;
using namespace tutti::dante_compat::test;

namespace v1_corpus_test {

namespace {

bool has_corpus() {
    if (!corpus_folder().empty())
        return true;
    std::puts("PTPv1 corpus: no captures on this machine; set TUTTI_CORPUS to read them");
    return false;
}

std::string rednet() {
    return corpus_folder() + "/ptp/dante_rednet_am2_ptpv1.pcap";
}

} // namespace

TEST_CASE("PTPv1 corpus: every PTPv1 message of every capture is read, every PTPv2 one is told apart") {
    if (!has_corpus())
        return;
    size_t version1 = 0;
    for (const char* folder : {"/ptp", "/dante"}) {
        for (const auto& entry : std::filesystem::directory_iterator(corpus_folder() + folder)) {
            if (entry.path().extension().string().rfind(".pcap", 0) != 0)
                continue;
            const std::string path = entry.path().string();
            CAPTURE(path);
            size_t here = 0;
            for (const CapturedPtp& each : read_capture(path)) {
                const bool is_version1 = each.bytes.size() > 1 && each.bytes[0] == 0 && each.bytes[1] == 1;
                const ParseResult result = parse(each.bytes);
                const auto* refusal = std::get_if<Refusal>(&result);
                if (is_version1)
                    CHECK(refusal == nullptr);
                else
                    CHECK(bool{refusal && refusal->defect == Defect::version});
                here += is_version1;
            }
            version1 += here;
            std::printf("PTPv1 corpus: %s, %zu messages\n", entry.path().filename().c_str(), here);
        }
    }
    CHECK(version1 >= 116);
}

TEST_CASE("PTPv1 corpus: a RedNet AM2 says what Dante leaders say") {
    if (!has_corpus())
        return;
    const auto captured = read_capture(rednet());
    REQUIRE(captured.size() >= 2);
    const ParseResult first = parse(captured[0].bytes);
    REQUIRE(std::holds_alternative<Message>(first));
    const auto& message = std::get<Message>(first);
    CHECK(index_of(message.header.subdomain) == 0);
    CHECK(message.header.has(flag::assist));
    CHECK(eui64_text(message.header.source.uuid) == "00-1D-C1-FF-FE-A1-72-3C");
    const auto& sync = std::get<Sync>(message.body);
    CHECK(sync.origin_ns == 699'212'366'780); // since it was switched on
    CHECK(sync.stratum == 153);
    CHECK(to_text(sync.identifier) == "DFLT");
    CHECK(sync.variance == 28768);
    CHECK_FALSE(sync.preferred);
    CHECK(sync.boundary_clock);
    CHECK(sync.log_interval == -2);
    const ParseResult second = parse(captured[1].bytes);
    REQUIRE(std::holds_alternative<Message>(second));
    CHECK(std::get<FollowUp>(std::get<Message>(second).body).of_sequence == message.header.sequence);
}

TEST_CASE("PTPv1 corpus: the observer locks to the captured leader as it came in") {
    if (!has_corpus())
        return;
    const auto captured = read_capture(rednet());
    REQUIRE(captured.size() >= 100);
    const int64_t start = captured[0].at_ns;
    Observer observer({}, start, start);
    int64_t locked_ns = -1;
    int64_t furthest_ns = 0;
    for (const CapturedPtp& each : captured) {
        observer.receive({each.bytes, each.at_ns, 0}, each.at_ns);
        observer.advance(each.at_ns);
        if (observer.servo().state() != tutti_clock_locked)
            continue;
        if (locked_ns < 0)
            locked_ns = each.at_ns - start;
        // The line against each Follow_Up's own time, whose Sync came 80 us before it or so.
        const ParseResult result = parse(each.bytes);
        const auto* follow_up = std::get_if<FollowUp>(&std::get<Message>(result).body);
        if (follow_up)
            furthest_ns = std::max<int64_t>(
                furthest_ns, std::llabs(observer.servo().line().at(each.at_ns) - follow_up->origin_ns));
    }
    REQUIRE(locked_ns >= 0);
    MESSAGE("locked after " << locked_ns / 1'000'000 << " ms, then within " << furthest_ns
                            << " ns of the Follow_Ups' times, rate "
                            << observer.servo().estimate().rate() * 1e6 << " ppm");
    CHECK(locked_ns < 5'000'000'000);
    CHECK(furthest_ns < 1'000'000);
    CHECK(observer.relation().has_grandmaster == 1);
    CHECK(observer.relation().generation == 2);
    const ObserverStatus status = observer.status(captured.back().at_ns);
    CHECK(status.counters.refused == 0);
    CHECK(status.counters.pairs == 58);
    CHECK(status.sync_rate == doctest::Approx(4).epsilon(0.05));
}

} // namespace v1_corpus_test
