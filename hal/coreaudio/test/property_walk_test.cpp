/// Every object, selector, scope and element: what the driver says of a property must agree with itself.
#include "audio_server.hpp"
#include "core_foundation.hpp"
#include "engine_stand_in.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

using namespace tutti::coreaudio::test;

namespace {

constexpr UInt32 code(const char (&text)[5]) {
    return static_cast<UInt32>(text[0]) << 24 | static_cast<UInt32>(text[1]) << 16 |
           static_cast<UInt32>(text[2]) << 8 | static_cast<UInt32>(text[3]);
}

/// Selectors that the HAL or its clients ask for, answered or not.
std::vector<UInt32> selectors() {
    return {code("bcls"), code("clas"), code("stdv"), code("lnam"),
            code("lmod"), code("lmak"), code("lchn"), code("lccn"),
            code("lcnn"), code("ownd"), code("iden"), code("snum"),
            code("fwvn"), code("ctrl"), code("cust"), code("piid"),
            code("dev#"), code("uidd"), code("box#"), code("uidb"),
            code("clk#"), code("uidc"), code("rsrc"), code("capp"),
            code("uid "), code("muid"), code("tran"), code("akin"),
            code("clkd"), code("livn"), code("goin"), code("gone"),
            code("dflt"), code("sflt"), code("ltnc"), code("stm#"),
            code("saft"), code("nsrt"), code("nsr#"), code("asrt"),
            code("icon"), code("hidn"), code("dch2"), code("srnd"),
            code("ring"), code("clok"), code("cstb"), code("resf"),
            code("resc"), code("fsiz"), code("fsz#"), code("oink"),
            code("oswg"), code("slay"), code("volm"), code("mute"),
            code("ssrc"), code("sact"), code("sdir"), code("term"),
            code("schn"), code("sfmt"), code("sfma"), code("pft "),
            code("pfta"), code("tsta"), code("zzzz"), 0,
            0xFFFFFFFF};
}

const std::set<UInt32> lists{code("ownd"), code("dev#"), code("box#"), code("akin"), code("ctrl"),
                             code("cust"), code("stm#"), code("nsr#"), code("sfma"), code("pfta")};
const std::set<UInt32> texts{code("lnam"), code("lmak"), code("lchn"), code("uid "),
                             code("muid"), code("rsrc"), code("tsta")};

UInt32 item_bytes(UInt32 selector) {
    if (selector == code("nsr#"))
        return sizeof(AudioValueRange);
    if (selector == code("sfma") || selector == code("pfta"))
        return sizeof(AudioStreamRangedDescription);
    if (selector == code("cust"))
        return sizeof(AudioServerPlugInCustomPropertyInfo);
    return 4;
}

struct Walk {
    const AudioServer& server;
    int answered = 0;
    int refused = 0;

    void visit(AudioObjectID object, const AudioObjectPropertyAddress& address) {
        CAPTURE(object);
        CAPTURE(address.mSelector);
        CAPTURE(address.mScope);
        CAPTURE(address.mElement);
        const auto& table = server.table();
        const bool has = table.HasProperty(server.reference(), object, 0, &address) != 0;
        Boolean settable = 77;
        UInt32 bytes = 7777;
        const OSStatus settable_status =
            table.IsPropertySettable(server.reference(), object, 0, &address, &settable);
        const OSStatus size_status =
            table.GetPropertyDataSize(server.reference(), object, 0, &address, 0, nullptr, &bytes);
        if (has != (settable_status == 0) || has != (size_status == 0))
            FAIL("Has, Settable and Size disagree");
        if (!has) {
            ++refused;
            refuse(object, address);
            return;
        }
        ++answered;
        REQUIRE((settable == 0 || settable == 1));
        get(object, address, bytes);
        if (settable == 0) {
            const char value[64] = {};
            REQUIRE_EQ(
                table.SetPropertyData(server.reference(), object, 0, &address, 0, nullptr, bytes, value),
                static_cast<OSStatus>(kAudioHardwareIllegalOperationError));
        } else {
            const char value[64] = {};
            REQUIRE_EQ(
                table.SetPropertyData(server.reference(), object, 0, &address, 0, nullptr, bytes - 1, value),
                static_cast<OSStatus>(kAudioHardwareBadPropertySizeError));
        }
    }

    void refuse(AudioObjectID object, const AudioObjectPropertyAddress& address) {
        const bool exists = object >= 1 && object <= 4;
        const auto expected =
            static_cast<OSStatus>(exists ? kAudioHardwareUnknownPropertyError : kAudioHardwareBadObjectError);
        char data[64];
        UInt32 bytes = 0;
        const auto& table = server.table();
        if (table.GetPropertyData(server.reference(), object, 0, &address, 0, nullptr, sizeof(data), &bytes,
                                  data) != expected ||
            table.SetPropertyData(server.reference(), object, 0, &address, 0, nullptr, 4, data) != expected)
            FAIL("a property that is not there must be refused as such");
    }

    /// With every size of buffer near the right one.
    void get(AudioObjectID object, const AudioObjectPropertyAddress& address, UInt32 size) {
        const bool list = lists.count(address.mSelector) != 0;
        const UInt32 item = list ? item_bytes(address.mSelector) : size;
        std::set<UInt32> capacities{0, 1, 3, size, size + 1, size + 100};
        if (size > 0)
            capacities.insert(size - 1);
        if (list && size >= 2 * item)
            capacities.insert({item, item + 1, 2 * item, size - item});
        for (const UInt32 capacity : capacities) {
            CAPTURE(capacity);
            std::vector<unsigned char> data(capacity + 64, 0xA5);
            UInt32 got = 0;
            const OSStatus status = server.table().GetPropertyData(server.reference(), object, 0, &address, 0,
                                                                   nullptr, capacity, &got, data.data());
            if (capacity < size && !list) {
                REQUIRE_EQ(status, static_cast<OSStatus>(kAudioHardwareBadPropertySizeError));
            } else {
                REQUIRE_EQ(status, 0);
                REQUIRE_EQ(got, item == 0 ? 0 : std::min(size, capacity / item * item));
            }
            REQUIRE(std::all_of(data.begin() + capacity, data.end(),
                                [](unsigned char byte) { return byte == 0xA5; }));
            if (status == 0 && texts.count(address.mSelector) != 0) {
                CFStringRef text = nullptr;
                REQUIRE_EQ(got, sizeof(text));
                std::memcpy(&text, data.data(), sizeof(text));
                REQUIRE(text != nullptr);
                CFRelease(text);
            }
        }
    }
};

void walk(const AudioServer& server) {
    const int64_t before = core_foundation::alive();
    Walk walk{server};
    for (AudioObjectID object = 0; object < 7; ++object) {
        for (const UInt32 selector : selectors()) {
            for (const UInt32 scope :
                 {code("glob"), code("inpt"), code("outp"), code("ptru"), code("****"), 0u}) {
                for (const UInt32 element : {0u, 1u, 2u, 127u, 128u, 129u, 0xFFFFFFFFu})
                    walk.visit(object, {selector, scope, element});
            }
        }
    }
    CHECK_GT(walk.answered, 150);
    CHECK_GT(walk.refused, 15000);
    CHECK_EQ(core_foundation::alive(), before);
}

} // namespace

TEST_CASE(
    "Has, Size, Get and Settable agree for every object, selector, scope and element, at every buffer size") {
    const int64_t before = core_foundation::alive();
    {
        const AudioServer server;
        walk(server);
    }
    CHECK_EQ(core_foundation::alive(), before);
}

TEST_CASE("the same holds once the engine has described the device") {
    EngineStandIn engine;
    std::strcpy(engine.description().name, "Studio");
    engine.make_region();
    AudioServer server;
    REQUIRE(server.wait_for_notice(AudioServer::device, kAudioObjectPropertyName));
    walk(server);
}

TEST_CASE("the device is what the design says") {
    const AudioServer server;
    const auto device = AudioServer::device;
    const auto both = {kAudioObjectPropertyScopeInput, kAudioObjectPropertyScopeOutput};
    CHECK_EQ(server.list<UInt32>(AudioServer::plug_in, kAudioPlugInPropertyDeviceList),
             std::vector<UInt32>{device});
    CHECK(server.list<UInt32>(AudioServer::plug_in, kAudioPlugInPropertyBoxList).empty());
    CHECK_EQ(server.text(device, kAudioObjectPropertyName), "AES67 Device");
    CHECK_EQ(server.number(device, kAudioDevicePropertyTransportType), code("virt"));
    CHECK_EQ(server.number(device, kAudioDevicePropertyClockAlgorithm), code("raww"));
    CHECK_EQ(server.number(device, kAudioDevicePropertyClockIsStable), 1);
    CHECK_EQ(server.number(device, kAudioDevicePropertyClockDomain), 0);
    CHECK_EQ(server.number(device, kAudioDevicePropertyZeroTimeStampPeriod), 16384);
    CHECK_EQ(server.number(device, code("resf")), 0);
    CHECK_EQ(server.number(device, code("resc")), 0);
    CHECK(server.list<UInt32>(device, kAudioObjectPropertyControlList).empty());
    CHECK_EQ(server.rate(), 48000);
    for (const UInt32 scope : both) {
        CHECK_EQ(server.number(device, kAudioDevicePropertyDeviceCanBeDefaultDevice, scope), 1);
        CHECK_EQ(server.number(device, kAudioDevicePropertyDeviceCanBeDefaultSystemDevice, scope), 0);
        CHECK_EQ(server.number(device, kAudioDevicePropertySafetyOffset, scope), 96);
        CHECK_EQ(server.list<UInt32>(device, kAudioDevicePropertyPreferredChannelsForStereo, scope),
                 std::vector<UInt32>{1, 2});
        const auto layout = server.list<UInt32>(device, kAudioDevicePropertyPreferredChannelLayout, scope);
        REQUIRE_EQ(layout.size(), 3 + 128 * 5);
        CHECK_EQ(layout[0], 0);
        CHECK_EQ(layout[2], 128);
        for (UInt32 i = 0; i < 128; ++i)
            CHECK_EQ(layout[3 + i * 5], (1u << 16 | i));
    }
    CHECK_EQ(server.list<UInt32>(device, kAudioDevicePropertyStreams).size(), 2);
    CHECK_EQ(server.list<UInt32>(device, kAudioDevicePropertyStreams, kAudioObjectPropertyScopeInput),
             std::vector<UInt32>{AudioServer::input});
    CHECK_EQ(server.list<UInt32>(device, kAudioDevicePropertyStreams, kAudioObjectPropertyScopeOutput),
             std::vector<UInt32>{AudioServer::output});
    std::vector<double> rates;
    for (const AudioValueRange& range :
         server.list<AudioValueRange>(device, kAudioDevicePropertyAvailableNominalSampleRates)) {
        CHECK_EQ(range.mMinimum, range.mMaximum);
        rates.push_back(range.mMinimum);
    }
    CHECK_EQ(rates, std::vector<double>{44100, 48000, 88200, 96000, 176400, 192000, 352800, 384000});
    for (const AudioObjectID stream : {AudioServer::input, AudioServer::output}) {
        CHECK_EQ(server.number(stream, kAudioStreamPropertyDirection), stream == AudioServer::input ? 1 : 0);
        const AudioStreamBasicDescription format = server.format(stream);
        CHECK_EQ(format.mChannelsPerFrame, 128);
        CHECK_EQ(format.mBytesPerFrame, 512);
        CHECK_EQ(format.mFormatFlags, 9);
        CHECK_EQ(
            server.list<AudioStreamRangedDescription>(stream, kAudioStreamPropertyAvailableVirtualFormats)
                .size(),
            8);
    }
}

TEST_CASE("what is left to the HAL is not answered, nor is there a volume") {
    const AudioServer server;
    for (const auto selector : {code("fsiz"), code("fsz#"), code("asrt"), code("oink"), code("gone"),
                                code("oswg"), code("volm"), code("mute")})
        CHECK_FALSE(server.has(AudioServer::device, selector));
}

TEST_CASE("a UID leads to the device, an unknown one to none, without an error") {
    const AudioServer server;
    const int64_t before = core_foundation::alive();
    const AudioObjectPropertyAddress address{kAudioPlugInPropertyTranslateUIDToDevice,
                                             kAudioObjectPropertyScopeGlobal, 0};
    const auto look_up = [&](CFTypeRef uid, UInt32 qualifier_bytes) {
        UInt32 found = 99;
        UInt32 bytes = 0;
        CHECK_EQ(server.table().GetPropertyData(server.reference(), 1, 0, &address, qualifier_bytes, &uid,
                                                sizeof(found), &bytes, &found),
                 0);
        return found;
    };
    for (const auto& [text, expected] :
         {std::pair<std::string, UInt32>{server.text(AudioServer::device, kAudioDevicePropertyDeviceUID), 2u},
          {"another", 0u},
          {"", 0u},
          {std::string(5000, 'x'), 0u}}) {
        CFStringRef uid = core_foundation::make_text(text);
        CHECK_EQ(look_up(uid, sizeof(uid)), expected);
        CHECK_EQ(look_up(uid, 4), 0);
        CFRelease(uid);
    }
    CFTypeRef other = core_foundation::make_other();
    CHECK_EQ(look_up(other, sizeof(other)), 0);
    CFRelease(other);
    CHECK_EQ(look_up(nullptr, sizeof(other)), 0);
    CHECK_EQ(core_foundation::alive(), before);
}

TEST_CASE("references that are not ours and devices that do not exist are refused") {
    const AudioServer server;
    const auto& table = server.table();
    const auto bad = static_cast<OSStatus>(kAudioHardwareBadObjectError);
    AudioServerPlugInDriverInterface* nobody = nullptr;
    const AudioObjectPropertyAddress address{kAudioObjectPropertyClass, kAudioObjectPropertyScopeGlobal, 0};
    CHECK_FALSE(table.HasProperty(&nobody, 1, 0, &address));
    CHECK_EQ(table.StartIO(&nobody, 2, 1), bad);
    CHECK_EQ(table.StartIO(server.reference(), 3, 1), bad);
    double sample = 0;
    UInt64 ticks = 0;
    UInt64 seed = 0;
    CHECK_EQ(table.GetZeroTimeStamp(server.reference(), 1, 1, &sample, &ticks, &seed), bad);
    CHECK_EQ(table.CreateDevice(server.reference(), nullptr, nullptr, nullptr),
             static_cast<OSStatus>(kAudioHardwareUnsupportedOperationError));
    CHECK_EQ(table.Initialize(server.reference(), nullptr),
             static_cast<OSStatus>(kAudioHardwareIllegalOperationError));
    CHECK_EQ(table.StopIO(server.reference(), 2, 1),
             static_cast<OSStatus>(kAudioHardwareIllegalOperationError));
}

TEST_CASE("QueryInterface knows the driver's interface and IUnknown, and counts") {
    const AudioServer server;
    const auto& table = server.table();
    const auto reference = server.reference();
    const REFIID driver{0xEE, 0xA5, 0x77, 0x3D, 0xCC, 0x43, 0x49, 0xF1,
                        0x8E, 0x00, 0x8F, 0x96, 0xE7, 0xD2, 0x3B, 0x17};
    const REFIID unknown{0, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46};
    void* result = nullptr;
    CHECK_EQ(table.QueryInterface(reference, driver, &result), 0);
    CHECK_EQ(result, reference);
    CHECK_EQ(table.QueryInterface(reference, unknown, &result), 0);
    CHECK_EQ(table.Release(reference), 2);
    CHECK_EQ(table.Release(reference), 1);
    CHECK_EQ(table.QueryInterface(reference, REFIID{}, &result), static_cast<HRESULT>(0x80000004));
    CHECK_EQ(result, nullptr);
    CHECK_EQ(table.AddRef(reference), 2);
    CHECK_EQ(table.Release(reference), 1);
}
