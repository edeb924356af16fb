// Real devices' messages.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "capture.hpp"
#include "ptp/ptp_message.hpp"

using namespace tutti::aes67::ptp;
using namespace tutti::aes67::ptp::test;

namespace ptp_corpus_test {

namespace {

template <typename T> T only_message(const std::string& file, Header& header) {
    size_t frames = 0;
    const auto captured = read_capture(file, frames);
    REQUIRE(captured.size() == 1);
    const ParseResult result = parse(captured[0].bytes);
    REQUIRE(std::holds_alternative<Message>(result));
    header = std::get<Message>(result).header;
    REQUIRE(std::holds_alternative<T>(std::get<Message>(result).body));
    return std::get<T>(std::get<Message>(result).body);
}

} // namespace

TEST_CASE("PTP corpus: every PTPv2 message of every capture is read, every PTPv1 one is told apart") {
    const std::string corpus = corpus_folder();
    if (corpus.empty()) {
        std::puts("PTP corpus: no captures on this machine; set TUTTI_CORPUS to read them");
        return;
    }
    size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(corpus + "/ptp")) {
        const std::string path = entry.path().string();
        CAPTURE(path);
        ++files;
        size_t frames = 0;
        const auto captured = read_capture(path, frames);
        CHECK(frames > 0);
        CHECK(captured.size() == frames);
        const bool version1 = path.find("ptpv1") != std::string::npos;
        for (const CapturedPtp& each : captured) {
            const ParseResult result = parse(each.bytes);
            const auto* refusal = std::get_if<Refusal>(&result);
            if (version1)
                CHECK(bool{refusal && refusal->defect == Defect::version});
            else
                CHECK(refusal == nullptr);
        }
        std::printf("PTP corpus: %s, %zu messages\n", entry.path().filename().c_str(), captured.size());
    }
    CHECK(files >= 8);
}

TEST_CASE("PTP corpus: a Dante AVIO says what Dante devices say as AES67 masters") {
    const std::string corpus = corpus_folder();
    if (corpus.empty()) {
        std::puts("PTP corpus: no captures on this machine; set TUTTI_CORPUS to read them");
        return;
    }
    Header header;
    const auto announce = only_message<Announce>(corpus + "/ptp/dante_avio_ptpv2_announce.pcap", header);
    CHECK(announce.priority1 == 249);
    CHECK(announce.clock_class == 248);
    CHECK(announce.accuracy == 0xFE);
    CHECK(announce.variance == 0xF060);
    CHECK(announce.priority2 == 120);
    CHECK(announce.time_source == 0xA0);
    CHECK(header.log_interval == 0);
    const auto follow_up = only_message<FollowUp>(corpus + "/ptp/dante_avio_ptpv2_followup.pcap", header);
    CHECK(follow_up.origin_ns / 1'000'000'000 == 200'754); // since it was switched on
    only_message<Sync>(corpus + "/ptp/dante_avio_ptpv2_sync.pcap", header);
    CHECK(header.has(flag::two_step));
    CHECK(header.log_interval == -2);
}

} // namespace ptp_corpus_test
