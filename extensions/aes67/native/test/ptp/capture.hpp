// Reads PTP out of capture files (pcap and pcapng, Ethernet): just enough for the corpus.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::aes67::ptp::test {

struct CapturedPtp {
    bool over_udp = false; // else straight over Ethernet, type 88F7
    std::vector<uint8_t> bytes;
};

// Folder of the corpus: TUTTI_CORPUS, or ../shared/corpus beside the repository. Empty if it is not there.
std::string corpus_folder();

// Every PTP message of a file. `frames` counts all frames, PTP or not.
std::vector<CapturedPtp> read_capture(const std::string& path, size_t& frames);

} // namespace tutti::aes67::ptp::test
