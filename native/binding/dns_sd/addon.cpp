// Glue between Node and mDNSResponder's client library: converts, and nothing else. All of it on Node's main
// thread.
#include "connection.hpp"

#include <net/if.h>

#include <napi.h>

namespace tutti::dns_sd {

class ConnectionBinding : public Napi::ObjectWrap<ConnectionBinding> {
  public:
    static void define(Napi::Env env, Napi::Object exports) {
        exports.Set("Connection",
                    DefineClass(env, "Connection",
                                {InstanceMethod<&ConnectionBinding::query>("query"),
                                 InstanceMethod<&ConnectionBinding::register_service>("register"),
                                 InstanceMethod<&ConnectionBinding::stop>("stop"),
                                 InstanceMethod<&ConnectionBinding::close>("close"),
                                 InstanceAccessor<&ConnectionBinding::is_shared>("isShared")}));
    }

    explicit ConnectionBinding(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ConnectionBinding>(info) {
        std::string error;
        const Library* library = Library::load(error);
        if (library == nullptr) {
            Napi::Error::New(info.Env(), error).ThrowAsJavaScriptException();
            return;
        }
        on_reply_ = Napi::Persistent(info[0].As<Napi::Function>());
        on_lost_ = Napi::Persistent(info[1].As<Napi::Function>());
        uv_loop_t* loop = nullptr;
        napi_get_uv_event_loop(info.Env(), &loop);
        Connection::Events events{[this](const Reply& reply) { told(reply); },
                                  [this](int32_t code) { lost(code); }};
        connection_ = std::make_unique<Connection>(*library, loop, std::move(events));
        if (const int32_t code = connection_->open(); code != no_error) {
            const std::string text = "mDNSResponder does not answer (error " + std::to_string(code) + ")";
            Napi::Error::New(info.Env(), text).ThrowAsJavaScriptException();
        }
    }

  private:
    Napi::Value query(const Napi::CallbackInfo& info) {
        return number(
            info, connection_->query(u32(info[0]), info[1].ToString(), static_cast<uint16_t>(u32(info[2]))));
    }

    Napi::Value register_service(const Napi::CallbackInfo& info) {
        const auto txt = info[4].As<Napi::Uint8Array>();
        return number(info, connection_->register_service(
                                u32(info[0]), info[1].ToString(), info[2].ToString(),
                                static_cast<uint16_t>(u32(info[3])), {txt.Data(), txt.ByteLength()}));
    }

    void stop(const Napi::CallbackInfo& info) { connection_->stop(u32(info[0])); }
    void close(const Napi::CallbackInfo&) { connection_->close(); }
    Napi::Value is_shared(const Napi::CallbackInfo& info) {
        return Napi::Boolean::New(info.Env(), connection_->is_shared());
    }

    void told(const Reply& reply) {
        const Napi::Env env = Env();
        const Napi::HandleScope scope(env);
        Napi::Object object = Napi::Object::New(env);
        object.Set("error", reply.error);
        object.Set("isAdded", reply.is_added);
        object.Set("name", reply.name);
        object.Set("data", Napi::Buffer<uint8_t>::Copy(env, reply.data.data(), reply.data.size()));
        call(on_reply_, {Napi::Number::New(env, reply.id), object});
    }

    void lost(int32_t code) {
        const Napi::HandleScope scope(Env());
        call(on_lost_, {Napi::Number::New(Env(), code)});
    }

    void call(const Napi::FunctionReference& function, const std::vector<napi_value>& arguments) {
        const Napi::Env env = Env();
        function.MakeCallback(env.Global(), arguments);
        if (env.IsExceptionPending())
            napi_fatal_exception(env, env.GetAndClearPendingException().Value());
    }

    static uint32_t u32(const Napi::Value& value) { return value.ToNumber().Uint32Value(); }
    static Napi::Value number(const Napi::CallbackInfo& info, int64_t value) {
        return Napi::Number::New(info.Env(), static_cast<double>(value));
    }

    Napi::FunctionReference on_reply_;
    Napi::FunctionReference on_lost_;
    std::unique_ptr<Connection> connection_;
};

} // namespace tutti::dns_sd

static Napi::Object initialise(Napi::Env env, Napi::Object exports) {
    tutti::dns_sd::ConnectionBinding::define(env, exports);
    // Number of a network interface; 0 if there is none of that name.
    exports.Set("interfaceIndex", Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
                    const std::string name = info[0].ToString();
                    return Napi::Number::New(info.Env(), if_nametoindex(name.c_str()));
                }));
    return exports;
}

NODE_API_MODULE(dns_sd, initialise)
