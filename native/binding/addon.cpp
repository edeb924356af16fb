// Glue between Node and the engine: converts, and nothing else. Everything here runs on Node's main thread.
#include "engine.hpp"
#include "plan_reader.hpp"

#include <napi.h>

#include <array>
#include <cstdio>

namespace tutti {
namespace {

Napi::Object to_js(Napi::Env env, const Problem& problem) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("code", problem.code);
    if (!problem.field.empty())
        object.Set("field", problem.field);
    object.Set("message", problem.message);
    if (!problem.fix.empty())
        object.Set("fix", problem.fix);
    return object;
}

Napi::Object to_js(Napi::Env env, const std::map<std::string, uint32_t>& slots) {
    Napi::Object object = Napi::Object::New(env);
    for (const auto& [id, slot] : slots)
        object.Set(id, slot);
    return object;
}

Napi::Object to_js(Napi::Env env, const ApplyReply& reply) {
    Napi::Array problems = Napi::Array::New(env);
    for (const PlanProblem& problem : reply.problems) {
        Napi::Object item = Napi::Object::New(env);
        item.Set("id", problem.id);
        item.Set("problem", to_js(env, problem.problem));
        problems.Set(problems.Length(), item);
    }
    Napi::Object object = Napi::Object::New(env);
    object.Set("problems", problems);
    object.Set("receiverSlots", to_js(env, reply.receiver_slots));
    object.Set("senderSlots", to_js(env, reply.sender_slots));
    return object;
}

std::string eui64(const uint8_t (&bytes)[8]) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%02X-%02X-%02X-%02X-%02X-%02X-%02X-%02X", bytes[0], bytes[1],
                  bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
    return text.data();
}

template <std::size_t count>
Napi::Object table(Napi::Env env, uint32_t offset, uint32_t stride,
                   const std::array<const char*, count>& fields) {
    Napi::Array names = Napi::Array::New(env);
    for (const char* field : fields)
        names.Set(names.Length(), field);
    Napi::Object object = Napi::Object::New(env);
    object.Set("offset", offset);
    object.Set("stride", stride);
    object.Set("slots", Telemetry::slots);
    object.Set("fields", names);
    return object;
}

} // namespace

class EngineBinding : public Napi::ObjectWrap<EngineBinding> {
  public:
    static void define(Napi::Env env, Napi::Object exports) {
        exports.Set("Engine", DefineClass(env, "Engine",
                                          {InstanceMethod<&EngineBinding::apply>("apply"),
                                           InstanceMethod<&EngineBinding::check>("check"),
                                           InstanceMethod<&EngineBinding::clock>("clock"),
                                           InstanceMethod<&EngineBinding::clock_report>("clockReport"),
                                           InstanceMethod<&EngineBinding::clients>("clients"),
                                           InstanceMethod<&EngineBinding::notices>("notices"),
                                           InstanceMethod<&EngineBinding::take_wanted_rate>("takeWantedRate"),
                                           InstanceMethod<&EngineBinding::telemetry>("telemetry"),
                                           InstanceMethod<&EngineBinding::stop>("stop")}));
    }

    explicit EngineBinding(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EngineBinding>(info) {
        options_.region_path = info[0].ToString().Utf8Value();
        options_.telemetry_path = info[1].ToString().Utf8Value();
        if (info[2].IsString())
            options_.device_link = info[2].ToString().Utf8Value();
        std::string error;
        engine_ = Engine::start(options_, error);
        if (engine_ == nullptr)
            Napi::Error::New(info.Env(), error).ThrowAsJavaScriptException();
    }

  private:
    Napi::Value apply(const Napi::CallbackInfo& info) {
        return to_js(info.Env(), engine_->apply(read_plan(info[0].ToObject())));
    }

    Napi::Value check(const Napi::CallbackInfo& info) {
        return to_js(info.Env(), engine_->check(read_plan(info[0].ToObject())));
    }

    Napi::Value clock(const Napi::CallbackInfo& info) {
        static constexpr const char* states[] = {"freeRun", "listening", "calibrating", "locked", "holdover"};
        const tutti_clock_relation relation = engine_->clock();
        const Timeline line{relation.local_ns, relation.media_ns, relation.rate_deviation, 48000};
        Napi::Object object = Napi::Object::New(info.Env());
        object.Set("source", engine_->clock_source());
        object.Set("state", states[relation.state]);
        if (relation.has_grandmaster != 0) {
            object.Set("grandmaster", eui64(relation.grandmaster));
            object.Set("domain", static_cast<uint32_t>(relation.domain));
            if (relation.ptp_v1 != 0)
                object.Set("ptpVersion", "IEEE1588-2002");
        }
        object.Set("mediaTime", std::to_string(line.media_ns_at(local_now_ns())));
        object.Set("steps", static_cast<double>(engine_->clock_steps()));
        if (relation.error_ns >= 0)
            object.Set("errorNs", static_cast<double>(relation.error_ns));
        return object;
    }

    Napi::Value clock_report(const Napi::CallbackInfo& info) {
        return Napi::String::New(info.Env(), engine_->clock_report());
    }

    Napi::Value clients(const Napi::CallbackInfo& info) {
        Napi::Array array = Napi::Array::New(info.Env());
        for (const tutti_region_client& client : engine_->clients()) {
            Napi::Object object = Napi::Object::New(info.Env());
            object.Set("pid", client.pid);
            object.Set("name", std::string(client.name));
            object.Set("direction", client.direction == TUTTI_CLIENT_CAPTURE ? "capture" : "playback");
            object.Set("first", client.first);
            object.Set("channels", client.channels);
            object.Set("xruns", static_cast<double>(client.xruns));
            array.Set(array.Length(), object);
        }
        return array;
    }

    Napi::Value notices(const Napi::CallbackInfo& info) {
        Napi::Array array = Napi::Array::New(info.Env());
        for (const EngineNotice& notice : engine_->notices()) {
            Napi::Object object = Napi::Object::New(info.Env());
            object.Set("code", notice.code);
            object.Set("message", notice.message);
            object.Set("fix", notice.fix);
            array.Set(array.Length(), object);
        }
        return array;
    }

    Napi::Value take_wanted_rate(const Napi::CallbackInfo& info) {
        const auto rate = engine_->take_wanted_rate();
        return rate ? Napi::Number::New(info.Env(), *rate) : info.Env().Undefined();
    }

    Napi::Value telemetry(const Napi::CallbackInfo& info) {
        const Napi::Env env = info.Env();
        Napi::Object peaks = Napi::Object::New(env);
        peaks.Set("countOffset", Telemetry::peak_count_offset);
        peaks.Set("offset", Telemetry::peak_offset);
        peaks.Set("stride", Telemetry::peak_stride);
        peaks.Set("windows", Telemetry::peak_windows);
        peaks.Set("windowSeconds", AudioCycle::peak_window_seconds);
        peaks.Set("inputs", Telemetry::peak_inputs);
        peaks.Set("outputs", Telemetry::peak_outputs);
        Napi::Object arrivals = Napi::Object::New(env);
        arrivals.Set("offset", Telemetry::arrival_offset);
        arrivals.Set("stride", Telemetry::receiver_stride);
        arrivals.Set("bins", ArrivalBins::count);
        Napi::Object object = Napi::Object::New(env);
        object.Set("path", options_.telemetry_path);
        object.Set("bytes", Telemetry::total_bytes);
        object.Set("engine", table(env, Telemetry::engine_offset, 0, engine_fields));
        object.Set("receivers",
                   table(env, Telemetry::receiver_offset, Telemetry::receiver_stride, receiver_fields));
        object.Set("senders", table(env, Telemetry::sender_offset, Telemetry::sender_stride, sender_fields));
        object.Set("arrivals", arrivals);
        object.Set("peaks", peaks);
        return object;
    }

    Napi::Value stop(const Napi::CallbackInfo& info) {
        engine_.reset();
        return info.Env().Undefined();
    }

    EngineOptions options_;
    std::unique_ptr<Engine> engine_;
};

} // namespace tutti

static Napi::Object initialise(Napi::Env env, Napi::Object exports) {
    tutti::EngineBinding::define(env, exports);
    return exports;
}

NODE_API_MODULE(engine, initialise)
