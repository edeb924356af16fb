#include "dns_sd.hpp"

#include <dlfcn.h>

namespace tutti::dns_sd {
namespace {

/// The handle that the functions are found in: the program itself where they are part of every program
/// (libSystem).
void* find_library() {
    void* self = dlopen(nullptr, RTLD_LAZY);
    if (self != nullptr && dlsym(self, "DNSServiceQueryRecord") != nullptr)
        return self;
    return dlopen("libdns_sd.so.1", RTLD_LAZY | RTLD_LOCAL);
}

template <typename Function> bool find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

} // namespace

const Library* Library::load(std::string& error) {
    static Library functions{};
    static bool is_loaded = false;
    if (is_loaded)
        return &functions;
    void* library = find_library();
    if (library == nullptr) {
        error = "this system has no library of mDNSResponder (libdns_sd.so.1)";
        return nullptr;
    }
    is_loaded = find(library, "DNSServiceCreateConnection", functions.create_connection) &&
                find(library, "DNSServiceRefSockFD", functions.socket_of) &&
                find(library, "DNSServiceProcessResult", functions.process_result) &&
                find(library, "DNSServiceRefDeallocate", functions.deallocate) &&
                find(library, "DNSServiceQueryRecord", functions.query_record) &&
                find(library, "DNSServiceRegister", functions.register_service);
    if (is_loaded)
        return &functions;
    error = "the system's libdns_sd lacks a function";
    return nullptr;
}

} // namespace tutti::dns_sd
