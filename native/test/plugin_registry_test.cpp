#include "plugin_registry.hpp"
#include "scratch_file.hpp"
#include "stage.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace tutti;

namespace plugin_registry_test {
using tutti::test::ScratchFile;

namespace {

std::string library(const std::string& name) {
    return std::string(TUTTI_TEST_PLUGINS) + "/" + name + ".so";
}

std::string refusal(const std::string& name) {
    PluginRegistry registry;
    const auto problem = registry.load({"codec", "L24", library(name)});
    REQUIRE(problem.has_value());
    CHECK_EQ(problem->code, "unsupported");
    CHECK(registry.codec("L24") == nullptr);
    return problem->message;
}

} // namespace

TEST_CASE("a codec library is loaded once and its codec found by name") {
    PluginRegistry registry;
    CHECK_FALSE(registry.load({"codec", "L24", library("good")}).has_value());
    CHECK_FALSE(registry.load({"codec", "L24", library("good")}).has_value());
    REQUIRE(registry.codec("L24") != nullptr);
    CHECK_EQ(registry.codec("L24")->bytes_per_sample, 3);
    CHECK(registry.codec("L16") == nullptr);
    CHECK(registry.load({"clock", "ptp", library("good")})->message.find("no clock 'ptp'") !=
          std::string::npos);
}

TEST_CASE(
    "a library built for version 1.0 of the ABI is used as ever: no stage is looked for beyond its table") {
    PluginRegistry registry;
    CHECK_FALSE(registry.load({"codec", "L24", library("abi_1_0")}).has_value());
    REQUIRE(registry.codec("L24") != nullptr);
    CHECK(stage_of(*registry.codec("L24")) == nullptr);
}

TEST_CASE("what cannot be used is refused with the reason") {
    CHECK(refusal("wrong_abi").find("version 2 of the plug-in ABI") != std::string::npos);
    CHECK(refusal("no_entry").find("tutti_plugin_entry") != std::string::npos);
    CHECK(refusal("bad_stage").find("its stage is incomplete") != std::string::npos);
    CHECK(refusal("missing").find("missing.so") != std::string::npos);
}

TEST_CASE("another file at the same path, as an update leaves it, is looked at anew") {
    const ScratchFile installed("plugin");
    const ScratchFile update("update");
    for (const ScratchFile* each : {&installed, &update})
        std::filesystem::copy_file(library("good"), each->path());
    PluginRegistry registry;
    REQUIRE_FALSE(registry.load({"codec", "L24", installed.path()}).has_value());
    const tutti_codec* before = registry.codec("L24");
    std::filesystem::rename(update.path(), installed.path());
    REQUIRE_FALSE(registry.load({"codec", "L24", installed.path()}).has_value());
    CHECK(registry.codec("L24") != before);
}

} // namespace plugin_registry_test
