// Reads PTP over UDP out of capture files (pcap and pcapng, Ethernet): just enough for the corpus.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tutti::dante_compat::test {

struct CapturedPtp {
    int64_t at_ns = 0; // of the capturing machine's clock
    bool is_event = false;
    std::vector<uint8_t> bytes;
};

// Folder of the corpus: TUTTI_CORPUS, or ../shared/corpus beside the repository. Empty if it is not there.
std::string corpus_folder();

std::vector<CapturedPtp> read_capture(const std::string& path);

} // namespace tutti::dante_compat::test
