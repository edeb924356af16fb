#include "plan_reader.hpp"

#include <cmath>

namespace tutti {
namespace {

std::string text(const Napi::Object& object, const char* key) {
    const Napi::Value value = object.Get(key);
    return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

uint32_t to_number(const Napi::Value& value) {
    if (!value.IsNumber())
        return 0;
    const double number = value.As<Napi::Number>().DoubleValue();
    // Out of range must stay out of range: it is refused by the plan's checks, never wrapped into something
    // valid.
    if (!(number >= 0) || number != std::floor(number) || number > 4294967295.0)
        return UINT32_MAX;
    return static_cast<uint32_t>(number);
}

uint32_t number(const Napi::Object& object, const char* key) {
    return to_number(object.Get(key));
}

Napi::Object child(const Napi::Object& object, const char* key) {
    const Napi::Value value = object.Get(key);
    return value.IsObject() ? value.As<Napi::Object>() : Napi::Object::New(object.Env());
}

template <typename Read> auto list(const Napi::Object& object, const char* key, Read read) {
    std::vector<decltype(read(Napi::Value()))> items;
    const Napi::Value value = object.Get(key);
    if (!value.IsArray())
        return items;
    const auto array = value.As<Napi::Array>();
    for (uint32_t i = 0; i < array.Length(); ++i)
        items.push_back(read(array.Get(i)));
    return items;
}

Napi::Object as_object(const Napi::Value& value) {
    return value.IsObject() ? value.As<Napi::Object>() : Napi::Object::New(value.Env());
}

std::string as_text(const Napi::Value& value) {
    return value.IsString() ? value.As<Napi::String>().Utf8Value() : std::string();
}

std::vector<Route> routes(const Napi::Object& object, bool channel_first) {
    return list(object, "routes", [channel_first](const Napi::Value& value) {
        const Napi::Object pair = as_object(value);
        const uint32_t first = to_number(pair.Get(0u));
        const uint32_t second = to_number(pair.Get(1u));
        return channel_first ? Route{first, second} : Route{second, first};
    });
}

Timing to_timing(const std::string& kind) {
    if (kind == "shared")
        return Timing::shared;
    return kind == "resample" ? Timing::resample : Timing::arrival;
}

ReceiverPlan read_receiver(const Napi::Value& value) {
    const Napi::Object object = as_object(value);
    const Napi::Object timing = child(object, "timing");
    ReceiverPlan plan;
    plan.id = text(object, "id");
    plan.codec = text(object, "codec");
    plan.rate = number(object, "rate");
    plan.channels = number(object, "channels");
    plan.payload_type = number(object, "payloadType");
    plan.link_offset = number(object, "linkOffset");
    plan.timing = to_timing(text(timing, "kind"));
    plan.rtp_offset = number(timing, "offset");
    plan.legs = list(object, "legs", [](const Napi::Value& item) {
        const Napi::Object leg = as_object(item);
        return ReceiverLegPlan{text(leg, "address"), number(leg, "port"), text(leg, "interface"),
                               list(leg, "sources", as_text)};
    });
    plan.routes = routes(object, true);
    return plan;
}

SenderPlan read_sender(const Napi::Value& value) {
    const Napi::Object object = as_object(value);
    SenderPlan plan;
    plan.id = text(object, "id");
    plan.codec = text(object, "codec");
    plan.channels = number(object, "channels");
    plan.frames_per_packet = number(object, "framesPerPacket");
    plan.payload_type = number(object, "payloadType");
    plan.rtp_offset = number(object, "offset");
    plan.dscp = number(object, "dscp");
    plan.ttl = number(object, "ttl");
    plan.legs = list(object, "legs", [](const Napi::Value& item) {
        const Napi::Object leg = as_object(item);
        return SenderLegPlan{text(leg, "address"), number(leg, "port"), text(leg, "interface")};
    });
    plan.routes = routes(object, false);
    return plan;
}

std::string json(const Napi::Object& object) {
    const auto stringify =
        object.Env().Global().Get("JSON").As<Napi::Object>().Get("stringify").As<Napi::Function>();
    return stringify.Call({object}).As<Napi::String>().Utf8Value();
}

} // namespace

Plan read_plan(const Napi::Object& object) {
    const Napi::Object device = child(object, "device");
    const Napi::Object clock = child(object, "clock");
    Plan plan;
    plan.device = {text(device, "name"),
                   number(device, "rate"),
                   number(device, "inputs"),
                   number(device, "outputs"),
                   list(device, "inputNames", as_text),
                   list(device, "outputNames", as_text)};
    plan.clock = {text(clock, "source"), json(child(clock, "options"))};
    plan.plugins = list(object, "plugins", [](const Napi::Value& value) {
        const Napi::Object plugin = as_object(value);
        return PluginPlan{text(plugin, "kind"), text(plugin, "id"), text(plugin, "path")};
    });
    plan.receivers = list(object, "receivers", read_receiver);
    plan.senders = list(object, "senders", read_sender);
    return plan;
}

} // namespace tutti
