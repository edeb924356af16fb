#include "client/region_mapping.hpp"

#include "region_keeper.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace region_mapping_test {

namespace {

tutti_region_header good_header() {
    tutti_region_header header{};
    header.magic = TUTTI_REGION_MAGIC;
    header.abi = TUTTI_REGION_ABI;
    header.header_bytes = TUTTI_REGION_HEADER_BYTES;
    header.state = TUTTI_REGION_LIVE;
    header.rate = 48000;
    header.inputs = 4;
    header.outputs = 2;
    header.ring_frames = 32768;
    return header;
}

uint64_t bytes_of(const tutti_region_header& h) {
    return tutti_region_bytes(h.inputs, h.outputs, h.ring_frames);
}

RegionError check(const std::function<void(tutti_region_header&)>& change) {
    tutti_region_header header = good_header();
    change(header);
    RegionGeometry geometry;
    const RegionProblem problem = check_region(header, bytes_of(header), geometry);
    CHECK((problem.error == RegionError::none) == problem.message.empty());
    return problem.error;
}

RegionError open_error(const std::string& path) {
    RegionMapping mapping;
    const RegionProblem problem = mapping.open(path);
    CHECK_FALSE(mapping);
    CHECK_FALSE(problem.message.empty());
    return problem.error;
}

} // namespace

TEST_CASE("a region whose fields lie within the limits is taken as it is") {
    const tutti_region_header header = good_header();
    RegionGeometry geometry;
    CHECK_FALSE(check_region(header, bytes_of(header), geometry));
    CHECK(geometry.rate == 48000);
    CHECK(geometry.inputs == 4);
    CHECK(geometry.outputs == 2);
    CHECK(geometry.ring_frames == 32768);
}

TEST_CASE("every field of a region that is outside its limits is refused") {
    CHECK(check([](auto& h) { h.magic ^= 1; }) == RegionError::not_a_region);
    CHECK(check([](auto& h) { h.abi = 2; }) == RegionError::wrong_abi);
    CHECK(check([](auto& h) { h.header_bytes = 4096; }) == RegionError::bad_geometry);
    CHECK(check([](auto& h) { h.state = 3; }) == RegionError::bad_geometry);
    CHECK(check([](auto& h) { h.state = TUTTI_REGION_RETIRED; }) == RegionError::retired);
    for (const uint32_t rate : {0U, 7999U, 384001U, 0xFFFFFFFFU}) {
        CHECK(check([rate](auto& h) { h.rate = rate; }) == RegionError::bad_geometry);
    }
    for (const uint32_t channels : {129U, 0x80000000U, 0xFFFFFFFFU}) {
        CHECK(check([channels](auto& h) { h.inputs = channels; }) == RegionError::bad_geometry);
        CHECK(check([channels](auto& h) { h.outputs = channels; }) == RegionError::bad_geometry);
    }
    for (const uint32_t frames : {0U, 1U, 512U, 32767U, 32769U, 524288U, 0x80000000U}) {
        CHECK(check([frames](auto& h) { h.ring_frames = frames; }) == RegionError::bad_geometry);
    }
}

TEST_CASE("a file whose size does not follow from the region's fields is refused") {
    const tutti_region_header header = good_header();
    RegionGeometry geometry;
    for (const uint64_t bytes : {uint64_t{0}, bytes_of(header) - 1, bytes_of(header) + 1}) {
        CHECK(check_region(header, bytes, geometry).error == RegionError::bad_geometry);
    }
}

TEST_CASE("a region opens for its owner, and shows what it is") {
    KeeperOptions options;
    options.path = scratch_path("mapping");
    options.inputs = 6;
    options.outputs = 3;
    RegionKeeper keeper(options);
    RegionMapping mapping;
    CHECK_FALSE(mapping.open(options.path));
    REQUIRE(mapping);
    CHECK(mapping.geometry().inputs == 6);
    CHECK(mapping.geometry().outputs == 3);
    CHECK(mapping.engine_alive());
    CHECK_FALSE(mapping.retired());
    keeper.output(7)[2] = 0.5F;
    CHECK(mapping.output_frame(7)[2] == 0.5F);
    CHECK(mapping.output_frame(7 + 32768)[2] == 0.5F);
    keeper.retire();
    CHECK(mapping.retired());
    CHECK(open_error(options.path) == RegionError::retired);
}

TEST_CASE("what is no private regular file is refused, whatever it contains") {
    KeeperOptions options;
    options.path = scratch_path("guarded");
    RegionKeeper keeper(options);
    const ScratchFile other("other");

    SUBCASE("nothing there") {
        CHECK(open_error(other.path()) == RegionError::missing);
    }
    SUBCASE("a symbolic link to a good region") {
        REQUIRE(symlink(options.path.c_str(), other.path().c_str()) == 0);
        CHECK(open_error(other.path()) == RegionError::link);
    }
    SUBCASE("a pipe") {
        REQUIRE(mkfifo(other.path().c_str(), 0600) == 0);
        CHECK(open_error(other.path()) == RegionError::not_a_file);
    }
    SUBCASE("a directory") {
        CHECK(open_error("/dev/shm") == RegionError::not_a_file);
    }
    SUBCASE("writable by the group") {
        REQUIRE(chmod(options.path.c_str(), 0660) == 0);
        CHECK(open_error(options.path) == RegionError::unsafe_mode);
    }
    SUBCASE("writable by everybody") {
        REQUIRE(chmod(options.path.c_str(), 0602) == 0);
        CHECK(open_error(options.path) == RegionError::unsafe_mode);
    }
    SUBCASE("too short for a header") {
        std::ofstream(other.path()) << "REG1";
        REQUIRE(chmod(other.path().c_str(), 0600) == 0);
        CHECK(open_error(other.path()) == RegionError::not_a_region);
    }
    SUBCASE("cut short") {
        REQUIRE(truncate(options.path.c_str(), 20000) == 0);
        CHECK(open_error(options.path) == RegionError::bad_geometry);
    }
}

TEST_CASE("a region of another user is refused, even by root") {
    if (geteuid() != 0) {
        MESSAGE("needs root to give a file away; the check of the owner was not exercised");
        return;
    }
    KeeperOptions options;
    options.path = scratch_path("foreign");
    RegionKeeper keeper(options);
    REQUIRE(chown(options.path.c_str(), 65534, 65534) == 0);
    CHECK(open_error(options.path) == RegionError::foreign_owner);
}

} // namespace region_mapping_test
