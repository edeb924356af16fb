// The library that was built, loaded as the engine loads it.
#include <dlfcn.h>
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "tutti/clock.h"

namespace plugin_test {

namespace {

const tutti_host host = {sizeof(tutti_host), TUTTI_ABI, [](int, const char*, const char*) {}};

tutti_plugin_entry_fn load() {
    const char* path = std::getenv("TUTTI_DANTE_COMPAT_LIBRARY");
    REQUIRE_MESSAGE(path, "TUTTI_DANTE_COMPAT_LIBRARY must name the built library; `make test` sets it");
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    REQUIRE_MESSAGE(library, dlerror());
    const auto entry = reinterpret_cast<tutti_plugin_entry_fn>(dlsym(library, TUTTI_PLUGIN_ENTRY));
    REQUIRE_MESSAGE(bool{entry != nullptr}, "no symbol " TUTTI_PLUGIN_ENTRY);
    return entry;
}

} // namespace

TEST_CASE("Plug-in: it is a clock and nothing else") {
    const tutti_plugin* plugin = load()(&host);
    REQUIRE(plugin != nullptr);
    CHECK(plugin->size == sizeof(tutti_plugin));
    CHECK(plugin->abi == TUTTI_ABI);
    CHECK(std::string(plugin->name) == "dante-compat");
    CHECK(plugin->codec_count == 0);
    REQUIRE(plugin->clock_count == 1);
    CHECK(plugin->clocks[0]->size == sizeof(tutti_clock_source));
    CHECK(plugin->clocks[0]->abi == TUTTI_ABI);
    CHECK(std::string(plugin->clocks[0]->id) == "ptpv1");
}

TEST_CASE("Plug-in: the clock runs and reports inside the loaded library") {
    const tutti_plugin* plugin = load()(&host);
    REQUIRE(plugin != nullptr);
    std::atomic<int> published{0};
    const auto publish = [](void* context, const tutti_clock_relation*) {
        ++*static_cast<std::atomic<int>*>(context);
    };
    char error[200] = "";
    const tutti_clock_source& source = *plugin->clocks[0];
    void* clock = source.start(R"({"interface": "nowhere0"})", publish, &published, error, sizeof error);
    REQUIRE_MESSAGE(clock, error);
    CHECK(published >= 1);
    CHECK(source.report(clock, error, 0) > 0);
    source.stop(clock);
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
