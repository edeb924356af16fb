#include "device_description.hpp"
#include "device_link.hpp"
#include "device_region.hpp"
#include "scratch_file.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstring>

using namespace tutti;

namespace device_link_test {

namespace {

/// A driver at the other end of the link, which waits for every answer.
class Driver {
  public:
    explicit Driver(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.data(), path.size());
        REQUIRE_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
        const timeval patience{10, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    }

    void say(uint32_t kind, uint32_t rate = 0) {
        const tutti_link_request request{TUTTI_LINK_ABI, kind, rate, static_cast<uint32_t>(getpid())};
        REQUIRE_EQ(send(socket_.get(), &request, sizeof(request), 0), sizeof(request));
    }

    /// Keeps the region that comes with the message, as an open file, which is what a mapping of it keeps
    /// too.
    tutti_link_device hear() {
        tutti_link_device device{};
        iovec vector{&device, sizeof(device)};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
        msghdr message{};
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof(control);
        REQUIRE_EQ(recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC), sizeof(device));
        const cmsghdr* part = CMSG_FIRSTHDR(&message);
        REQUIRE(part != nullptr);
        int region = -1;
        std::memcpy(&region, CMSG_DATA(part), sizeof(region));
        region_ = FileDescriptor(region);
        return device;
    }

    [[nodiscard]] tutti_region_header header() const {
        tutti_region_header header{};
        REQUIRE_EQ(pread(region_.get(), &header, sizeof(header), 0), sizeof(header));
        return header;
    }

  private:
    FileDescriptor socket_;
    FileDescriptor region_;
};

Plan plan_of(const DevicePlan& device) {
    Plan plan;
    plan.device = device;
    return plan;
}

} // namespace

TEST_CASE("a driver that keeps the region of an engine does not keep its lock on the device") {
    const test::ScratchFile file("link-region");
    const test::ScratchFile socket("link");
    const DevicePlan device{"x", 48000, 4, 4};
    std::string error;
    auto link = DeviceLink::listen(socket.path(), error);
    REQUIRE_MESSAGE(link != nullptr, error);
    auto engine = DeviceRegion::open(file.path(), device, error);
    REQUIRE_MESSAGE(engine != nullptr, error);
    link->describe(engine->memory(), describe_device(plan_of(device), 7));

    Driver driver(socket.path());
    driver.say(TUTTI_LINK_HELLO);
    CHECK_EQ(driver.hear().region_id, 7);
    CHECK_EQ(driver.header().rate, 48000);
    CHECK_EQ(DeviceRegion::open(file.path(), device, error), nullptr);
    CHECK_NE(error.find("another engine has it"), std::string::npos);

    // As the kernel does it when the engine is killed: all of its files close, the driver's stays open.
    engine.reset();
    link.reset();
    const auto next = DeviceRegion::open(file.path(), device, error);
    CHECK_MESSAGE(next != nullptr, error);
    CHECK_EQ(driver.header().rate, 48000);
}

TEST_CASE("a driver is told what changes, once, and is heard when it wants another rate") {
    const test::ScratchFile file("link-region");
    const test::ScratchFile socket("link");
    const DevicePlan slow{"x", 48000, 4, 4};
    const DevicePlan fast{"y", 96000, 4, 4};
    std::string error;
    const auto link = DeviceLink::listen(socket.path(), error);
    REQUIRE_MESSAGE(link != nullptr, error);
    const auto before = DeviceRegion::open(file.path(), slow, error);
    link->describe(before->memory(), describe_device(plan_of(slow), 1));
    Driver driver(socket.path());
    driver.say(TUTTI_LINK_HELLO);
    CHECK_EQ(std::string(driver.hear().name), "x");
    CHECK_FALSE(link->take_wanted_rate());

    driver.say(TUTTI_LINK_WANTED, 96000);
    driver.say(TUTTI_LINK_HELLO); // whose answer says that the wish before it was heard
    driver.hear();
    CHECK_EQ(link->take_wanted_rate(), 96000);
    CHECK_FALSE(link->take_wanted_rate());

    link->describe(before->memory(), describe_device(plan_of(slow), 1)); // nothing new: not told
    const auto after = DeviceRegion::open(file.path(), fast, error);
    link->describe(after->memory(), describe_device(plan_of(fast), 2));
    const tutti_link_device told = driver.hear();
    CHECK_EQ(told.region_id, 2);
    CHECK_EQ(std::string(told.name), "y");
    CHECK_EQ(driver.header().rate, 96000);
}

} // namespace device_link_test
