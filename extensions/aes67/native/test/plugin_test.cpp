// The library that was built, loaded as the engine loads it.
#include <dlfcn.h>
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "codec_conformance.hpp"
#include "tutti/clock.h"

namespace plugin_test {

namespace {

const tutti_host host = {sizeof(tutti_host), TUTTI_ABI, [](int, const char*, const char*) {}};

tutti_plugin_entry_fn load() {
    const char* path = std::getenv("TUTTI_AES67_LIBRARY");
    REQUIRE_MESSAGE(path, "TUTTI_AES67_LIBRARY must name the built library; `make test` sets it");
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    REQUIRE_MESSAGE(library, dlerror());
    const auto entry = reinterpret_cast<tutti_plugin_entry_fn>(dlsym(library, TUTTI_PLUGIN_ENTRY));
    REQUIRE_MESSAGE(bool{entry != nullptr}, "no symbol " TUTTI_PLUGIN_ENTRY);
    return entry;
}

} // namespace

TEST_CASE("Plug-in: the tables say what they are") {
    const tutti_plugin* plugin = load()(&host);
    REQUIRE(plugin != nullptr);
    CHECK(plugin->size == sizeof(tutti_plugin));
    CHECK(plugin->abi == TUTTI_ABI);
    CHECK(std::string(plugin->name) == "aes67");
    REQUIRE(plugin->codec_count == 2);
    REQUIRE(plugin->clock_count == 4);
    const char* const encodings[] = {"L16", "L24"};
    for (uint32_t i = 0; i < 2; ++i) {
        const tutti_codec& codec = *plugin->codecs[i];
        CHECK(codec.size == sizeof(tutti_codec));
        CHECK(codec.abi == TUTTI_ABI);
        CHECK(std::string(codec.encoding) == encodings[i]);
        CHECK(codec.bytes_per_sample == 2 + i);
        CHECK(bool{codec.probe == nullptr});
        CHECK(tutti::test::broken_codec_promise(codec, 200) == "");
    }
    const char* const clocks[] = {"system", "ptp", "phc", "free-run"};
    for (uint32_t i = 0; i < 4; ++i) {
        const tutti_clock_source& clock = *plugin->clocks[i];
        CHECK(clock.size == sizeof(tutti_clock_source));
        CHECK(clock.abi == TUTTI_ABI);
        CHECK(std::string(clock.id) == clocks[i]);
    }
}

TEST_CASE("Plug-in: the clock runs inside the loaded library") {
    const tutti_plugin* plugin = load()(&host);
    REQUIRE(plugin != nullptr);
    std::atomic<int> published{0};
    const auto publish = [](void* context, const tutti_clock_relation*) {
        ++*static_cast<std::atomic<int>*>(context);
    };
    char error[100];
    void* clock = plugin->clocks[0]->start("{}", publish, &published, error, sizeof error);
    REQUIRE(clock != nullptr);
    CHECK(published >= 1);
    plugin->clocks[0]->stop(clock);
}

TEST_CASE("Plug-in: an engine of another major version is refused, a newer minor one is not") {
    const tutti_plugin_entry_fn entry = load();
    tutti_host other = host;
    other.abi = (TUTTI_ABI_MAJOR + 1) << 16;
    CHECK(entry(&other) == nullptr);
    other = host;
    other.size = sizeof(size_t);
    CHECK(entry(&other) == nullptr);
    CHECK(entry(nullptr) == nullptr);
    static tutti_host newer = host;
    newer.abi = TUTTI_ABI + 1;
    newer.size = sizeof(tutti_host) + 8;
    CHECK(entry(&newer) != nullptr);
}

} // namespace plugin_test
