#include "device_link.hpp"

#include <dispatch/dispatch.h>
#include <xpc/xpc.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <vector>

namespace tutti {
namespace {

constexpr char message_key[] = "message";
constexpr char region_key[] = "region";
constexpr std::size_t max_drivers = 8;
constexpr uid_t coreaudiod = 202; ///< _coreaudiod, as which HAL drivers run

/// Everything but the wanted rate belongs to one serial queue.
class XpcLink : public DeviceLink {
  public:
    explicit XpcLink(const std::string& service)
        : queue_(dispatch_queue_create("dev.tutti.engine.link", nullptr)),
          listener_(xpc_connection_create_mach_service(service.c_str(), queue_,
                                                       XPC_CONNECTION_MACH_SERVICE_LISTENER)) {
        xpc_connection_set_event_handler(listener_, ^(xpc_object_t peer) {
          if (xpc_get_type(peer) == XPC_TYPE_CONNECTION)
              welcome(static_cast<xpc_connection_t>(peer));
        });
        xpc_connection_resume(listener_);
    }

    ~XpcLink() override {
        dispatch_sync_f(queue_, this, [](void* self) { static_cast<XpcLink*>(self)->close(); });
        dispatch_release(queue_);
    }

    void describe(const SharedFile& region, const tutti_link_device& device) override {
        Change change{*this, region, device};
        dispatch_sync_f(queue_, &change, [](void* context) {
            auto& [link, memory, description] = *static_cast<Change*>(context);
            link.take(memory, description);
        });
    }

    std::optional<uint32_t> take_wanted_rate() override {
        const uint32_t rate = wanted_rate_.exchange(0);
        return rate == 0 ? std::nullopt : std::optional(rate);
    }

  private:
    struct Change {
        XpcLink& link;
        const SharedFile& region;
        const tutti_link_device& device;
    };

    void take(const SharedFile& region, const tutti_link_device& device) {
        if (region_ != nullptr && std::memcmp(&device, &device_, sizeof(device)) == 0)
            return;
        if (region_ == nullptr || device.region_id != device_.region_id) {
            if (region_ != nullptr)
                xpc_release(region_);
            region_ = xpc_shmem_create(region.data(), region.bytes());
        }
        device_ = device;
        for (xpc_connection_t driver : drivers_)
            tell(driver);
    }

    void welcome(xpc_connection_t driver) {
        const uid_t user = xpc_connection_get_euid(driver);
        if ((user != coreaudiod && user != 0) || drivers_.size() >= max_drivers) {
            xpc_connection_set_event_handler(driver, ^(xpc_object_t){
                                             });
            xpc_connection_resume(driver);
            xpc_connection_cancel(driver);
            return;
        }
        xpc_retain(driver);
        drivers_.push_back(driver);
        xpc_connection_set_event_handler(driver, ^(xpc_object_t event) {
          answer(driver, event);
        });
        xpc_connection_resume(driver);
    }

    void answer(xpc_connection_t driver, xpc_object_t event) {
        std::size_t bytes = 0;
        const void* message = xpc_get_type(event) == XPC_TYPE_DICTIONARY
                                  ? xpc_dictionary_get_data(event, message_key, &bytes)
                                  : nullptr;
        tutti_link_request request{};
        if (message == nullptr || bytes != sizeof(request)) {
            forget(driver);
            return;
        }
        std::memcpy(&request, message, sizeof(request));
        if (request.abi != TUTTI_LINK_ABI)
            forget(driver);
        else if (request.kind == TUTTI_LINK_HELLO)
            tell(driver);
        else if (request.kind == TUTTI_LINK_WANTED && request.rate != 0)
            wanted_rate_ = request.rate;
    }

    void tell(xpc_connection_t driver) {
        if (region_ == nullptr)
            return;
        xpc_object_t message = xpc_dictionary_create(nullptr, nullptr, 0);
        xpc_dictionary_set_data(message, message_key, &device_, sizeof(device_));
        xpc_dictionary_set_value(message, region_key, region_);
        xpc_connection_send_message(driver, message);
        xpc_release(message);
    }

    void forget(xpc_connection_t driver) {
        const auto found = std::find(drivers_.begin(), drivers_.end(), driver);
        if (found == drivers_.end())
            return;
        drivers_.erase(found);
        xpc_connection_cancel(driver);
        xpc_release(driver);
    }

    void close() {
        xpc_connection_cancel(listener_);
        xpc_release(listener_);
        while (!drivers_.empty())
            forget(drivers_.back());
        if (region_ != nullptr)
            xpc_release(region_);
    }

    dispatch_queue_t queue_;
    xpc_connection_t listener_;
    std::vector<xpc_connection_t> drivers_;
    xpc_object_t region_ = nullptr;
    tutti_link_device device_{};
    std::atomic<uint32_t> wanted_rate_{0};
};

} // namespace

/// launchd owns the name: whether this process may have it shows only when nobody comes.
std::unique_ptr<DeviceLink> DeviceLink::listen(const std::string& name, std::string&) {
    return std::make_unique<XpcLink>(name);
}

} // namespace tutti
