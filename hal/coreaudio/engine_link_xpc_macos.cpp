/// The link over XPC, what runs on a Mac. The driver's helper process is sandboxed: it may look up the Mach
/// service that Info.plist names (AudioServerPlugIn_MachServices), and gets memory as an XPC object. launchd
/// owns the name, so that looking it up starts the engine.
#include "engine_link.hpp"

#include <dispatch/dispatch.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xpc/xpc.h>

#include <cstdlib>

namespace tutti::coreaudio {
namespace {

constexpr char service_name[] = "dev.tutti.engine";
constexpr char message_key[] = "message";
constexpr char region_key[] = "region";

/// Everything but the queue itself belongs to the queue, which runs one thing at a time.
struct XpcLink {
    LinkHandler handler;
    dispatch_queue_t queue = nullptr;
    xpc_connection_t connection = nullptr;
    unsigned connection_number = 0; ///< tells the connection from those before it
    bool trusted = false;           ///< the other end is root's or this user's
    bool stopped = false;
    bool retrying = false;
    unsigned attempt = 0;
};
XpcLink link;

void after(int64_t ns, dispatch_function_t work) noexcept {
    dispatch_after_f(dispatch_time(DISPATCH_TIME_NOW, ns), link.queue, nullptr, work);
}

void send_now(const tutti_link_request& request) noexcept {
    if (link.connection == nullptr)
        return;
    xpc_object_t message = xpc_dictionary_create(nullptr, nullptr, 0);
    xpc_dictionary_set_data(message, message_key, &request, sizeof(request));
    xpc_connection_send_message(link.connection, message);
    xpc_release(message);
}

void connect_now(void*) noexcept;

void hang_up() noexcept {
    if (link.connection == nullptr)
        return;
    xpc_connection_cancel(link.connection);
    xpc_release(link.connection);
    link.connection = nullptr;
    link.handler.on_gone(link.handler.context);
}

void retry() noexcept {
    hang_up();
    if (link.stopped || link.retrying)
        return;
    link.retrying = true;
    after(engine_link::retry_delay_ns(link.attempt++), connect_now);
}

/// Who may hand us memory: root's engine, or one of this user's.
bool is_trusted() noexcept {
    if (!link.trusted) {
        const uid_t peer = xpc_connection_get_euid(link.connection);
        link.trusted = peer == 0 || peer == geteuid();
    }
    return link.trusted;
}

/// A connection that was hung up has one more event to come (<xpc/connection.h>), at a time when there may be
/// another connection already, which it must not end.
void on_event(unsigned connection_number, xpc_object_t event) noexcept {
    if (link.stopped || link.connection == nullptr || connection_number != link.connection_number)
        return;
    if (xpc_get_type(event) != XPC_TYPE_DICTIONARY || !is_trusted()) {
        retry(); // the engine ended, or there is none, or it is a stranger
        return;
    }
    std::size_t bytes = 0;
    const void* message = xpc_dictionary_get_data(event, message_key, &bytes);
    if (message == nullptr) {
        retry();
        return;
    }
    void* memory = nullptr;
    std::size_t memory_bytes = 0;
    xpc_object_t region = xpc_dictionary_get_value(event, region_key);
    if (region != nullptr && xpc_get_type(region) == XPC_TYPE_SHMEM)
        memory_bytes = xpc_shmem_map(region, &memory);
    if (memory_bytes == 0)
        memory = nullptr;
    bool unwelcome = false;
    const bool taken =
        link.handler.on_message(link.handler.context, message, bytes, memory, memory_bytes, unwelcome);
    if (!taken && memory != nullptr)
        munmap(memory, memory_bytes);
    if (unwelcome)
        retry();
    else
        link.attempt = 0;
}

void connect_now(void*) noexcept {
    link.retrying = false;
    if (link.stopped || link.connection != nullptr)
        return;
    link.trusted = false;
    link.connection =
        xpc_connection_create_mach_service(service_name, link.queue, XPC_CONNECTION_MACH_SERVICE_PRIVILEGED);
    const unsigned number = ++link.connection_number;
    xpc_connection_set_event_handler(link.connection, ^(xpc_object_t event) {
      on_event(number, event);
    });
    xpc_connection_resume(link.connection);
    send_now({TUTTI_LINK_ABI, TUTTI_LINK_HELLO, 0, static_cast<uint32_t>(getpid())});
}

void tick(void*) noexcept {
    if (link.stopped)
        return;
    link.handler.on_tick(link.handler.context);
    after(engine_link::tick_ns, tick);
}

} // namespace

namespace engine_link {

bool start(const LinkHandler& handler) noexcept {
    link = XpcLink();
    link.handler = handler;
    link.queue = dispatch_queue_create("dev.tutti.driver.link", nullptr); // serial
    if (link.queue == nullptr)
        return false;
    dispatch_async_f(link.queue, nullptr, connect_now);
    after(0, tick);
    return true;
}

/// The queue stays: what was set for later still comes, and does nothing.
void stop() noexcept {
    dispatch_sync_f(link.queue, nullptr, [](void*) {
        link.stopped = true;
        hang_up();
    });
}

void send(const tutti_link_request& request) noexcept {
    auto* copy = static_cast<tutti_link_request*>(std::malloc(sizeof(request)));
    if (copy == nullptr)
        return;
    *copy = request;
    dispatch_async_f(link.queue, copy, [](void* context) {
        send_now(*static_cast<tutti_link_request*>(context));
        std::free(context);
    });
}

} // namespace engine_link
} // namespace tutti::coreaudio
