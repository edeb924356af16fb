// libFuzzer target. The same promises are checked without clang by the mutation loop in rtp_header_test.cpp.
//   clang++-14 -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
//     native/src/rtp_header.cpp native/test/rtp_header_fuzz.cpp -o build/rtp_header_fuzz
//   build/rtp_header_fuzz -runs=1000000 -max_len=2048
#include <cstdio>
#include <cstdlib>

#include "rtp_header_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
    if (const char* broken = tutti::test::broken_rtp_promise({data, bytes})) {
        std::fprintf(stderr, "broken: %s\n", broken);
        std::abort();
    }
    return 0;
}
