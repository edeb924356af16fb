#include "engine.hpp"

#include "device_description.hpp"
#include "net_interface.hpp"
#include "plan_check.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <set>
#include <thread>

namespace tutti {

std::unique_ptr<Engine> Engine::start(const EngineOptions& options, std::string& error) {
    std::unique_ptr<Engine> engine(new Engine(options));
    if (!engine->telemetry_.create(options.telemetry_path, error))
        return nullptr;
    engine->cycle_ = std::make_unique<AudioCycle>(engine->clock_, engine->telemetry_);
    engine->streams_ = std::make_unique<StreamTable>(engine->cycle_->packets(), engine->telemetry_,
                                                     [raw = engine.get()] { raw->install(); });
    // Only what the audio thread touches. mlockall would also lock V8's heap, and V8 aborts when its
    // protections then fail.
    engine->memory_locked_ =
        engine->telemetry_.lock_memory() && mlock(engine->cycle_.get(), sizeof(AudioCycle)) == 0;
    // The device is of use without it: no reason not to start.
    if (!options.device_link.empty())
        engine->link_ = DeviceLink::listen(options.device_link, engine->link_error_);
    engine->thread_ = std::make_unique<AudioThread>(*engine->cycle_, engine->telemetry_);
    return engine;
}

Engine::Engine(const EngineOptions& options) : options_(options) {}

Engine::~Engine() {
    if (streams_ != nullptr)
        streams_->clear();
    thread_.reset();
    if (region_ == nullptr)
        return;
    // Applications that have the device open keep it for the next engine; otherwise its memory is given back.
    if (clients().empty()) {
        region_->retire();
        unlink(options_.region_path.c_str());
    }
    unlink(options_.telemetry_path.c_str());
}

ApplyReply Engine::apply(const Plan& plan) {
    ApplyReply reply = check(plan);
    // Streams are checked against the plan's device: with a bad one nothing of the plan can be trusted, all
    // stays as it is.
    if (!check_device(plan.device)) {
        // The device first: its region tells where the time of an engine before this one went on.
        const bool has_device = apply_device(plan.device, reply);
        apply_clock(plan.clock, reply);
        if (has_device)
            streams_->apply(plan, plugins_, reply.problems);
        describe_device(plan);
    }
    reply.receiver_slots = streams_->receiver_slots();
    reply.sender_slots = streams_->sender_slots();
    return reply;
}

ApplyReply Engine::check(const Plan& plan) {
    ApplyReply reply;
    reply.problems = check_plan(plan);
    load_plugins(plan, reply);
    return reply;
}

void Engine::load_plugins(const Plan& plan, ApplyReply& reply) {
    for (const PluginPlan& plugin : plan.plugins) {
        if (auto problem = plugins_.load(plugin))
            reply.problems.push_back({plugin.kind + ":" + plugin.id, *problem});
    }
}

/// False if the device could not be made; the one before then plays on.
bool Engine::apply_device(const DevicePlan& device, ApplyReply& reply) {
    if (region_ != nullptr && region_->device().rate == device.rate &&
        region_->device().inputs == device.inputs && region_->device().outputs == device.outputs) {
        return true;
    }
    std::string error;
    std::unique_ptr<DeviceRegion> fresh = DeviceRegion::open(options_.region_path, device, error);
    if (fresh == nullptr) {
        reply.problems.push_back(
            {"device", Problem{"limit", "device", "the device cannot be made: " + error,
                               "free shared memory (/dev/shm) or lower the device's rate"}});
        return false;
    }
    streams_->clear();
    std::swap(region_, fresh);
    region_locked_ = region_->lock_memory();
    region_id_ = static_cast<uint64_t>(local_now_ns());
    if (const auto line = region_->published_line())
        clock_.continue_line(*line);
    install(); // after this nobody works with the old region
    return true;
}

/// If the device of the plan could not be made, drivers stay with the one before.
void Engine::describe_device(const Plan& plan) {
    if (link_ == nullptr || region_ == nullptr)
        return;
    Plan in_force = plan;
    in_force.device.rate = region_->device().rate;
    in_force.device.inputs = region_->device().inputs;
    in_force.device.outputs = region_->device().outputs;
    link_->describe(region_->memory(), tutti::describe_device(in_force, region_id_));
}

std::optional<uint32_t> Engine::take_wanted_rate() {
    return link_ == nullptr ? std::nullopt : link_->take_wanted_rate();
}

void Engine::apply_clock(const ClockPlan& clock, ApplyReply& reply) {
    const tutti_clock_source* source = plugins_.clock(clock.source);
    if (clock == clock_plan_ && source == clock_source_)
        return;
    if (source == nullptr) {
        reply.problems.push_back(
            {"clock", Problem{"unsupported", "clock.source", "no clock source '" + clock.source + "'",
                              "enable or install an extension that has one"}});
        return;
    }
    std::string error;
    if (clock_.start(*source, clock.options, error)) {
        clock_plan_ = clock;
        clock_source_ = source;
    } else {
        reply.problems.push_back({"clock", Problem{"unavailable", "clock.source", error, ""}});
    }
}

/// Hands the present content to the audio thread and waits until it has run a whole cycle with it.
void Engine::install() {
    auto fresh = std::make_unique<const StreamSet>(streams_->snapshot(region_.get()));
    cycle_->swap(fresh.get());
    const uint64_t before = cycle_->count();
    // Two cycles: one may have been under way with routes that were swapped just now.
    while (thread_ != nullptr && (cycle_->acknowledged() != fresh.get() || cycle_->count() < before + 2)) {
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    set_ = std::move(fresh);
}

std::vector<tutti_region_client> Engine::clients() const {
    return region_ == nullptr ? std::vector<tutti_region_client>{} : region_->clients();
}

std::vector<EngineNotice> Engine::notices() const {
    std::vector<EngineNotice> notices;
    if (!thread_->is_realtime()) {
        notices.push_back({"realtime.denied",
                           "The audio thread has no real-time priority; expect drop-outs under load.",
                           "Allow it: 'ulimit -r 70', or LimitRTPRIO=70 in the service, or CAP_SYS_NICE."});
    }
    if (!memory_locked_ || !region_locked_) {
        notices.push_back(
            {"memlock.denied", "Memory is not locked; expect drop-outs when memory is short.",
             "Allow it: 'ulimit -l unlimited', or LimitMEMLOCK=infinity in the service, or CAP_IPC_LOCK."});
    }
    if (!link_error_.empty()) {
        notices.push_back(
            {"device.link", "HAL drivers cannot reach the engine: " + link_error_,
             "Free the name, or check the permissions of its directory, and start the engine again."});
    }
    return notices;
}

} // namespace tutti
