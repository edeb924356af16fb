// The codecs as the engine has them.
#include <doctest/doctest.h>

#include "codec_conformance.hpp"

namespace plugin_test {

extern "C" const tutti_plugin* tutti_plugin_entry(const tutti_host* host);

namespace {

const tutti_host host = {sizeof(tutti_host), TUTTI_ABI, [](int, const char*, const char*) {}};

} // namespace

TEST_CASE("both codecs are L24 on the wire, with a stage") {
    const tutti_plugin* plugin = tutti_plugin_entry(&host);
    REQUIRE(plugin != nullptr);
    REQUIRE(plugin->codec_count == 2);
    const char* const encodings[] = {"DOP", "DOP-PCM"};
    for (uint32_t i = 0; i < 2; ++i) {
        const tutti_codec& codec = *plugin->codecs[i];
        CHECK(std::string(codec.encoding) == encodings[i]);
        CHECK(codec.bytes_per_sample == 3);
        REQUIRE(codec.stage != nullptr);
        CHECK(tutti::test::broken_codec_promise(codec, 300) == "");
    }
}

TEST_CASE("an engine of another major version is refused") {
    tutti_host other = host;
    other.abi = (TUTTI_ABI_MAJOR + 1) << 16;
    CHECK(tutti_plugin_entry(&other) == nullptr);
    CHECK(tutti_plugin_entry(nullptr) == nullptr);
}

} // namespace plugin_test
