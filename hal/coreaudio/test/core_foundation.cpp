#include "core_foundation.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace {

enum Kind : CFTypeID { string_kind = 7, uuid_kind, other_kind };

struct Object {
    Kind kind = other_kind;
    std::atomic<int> references{1};
    std::string text;
    CFUUIDBytes uuid{};
};

std::atomic<int64_t> live{0};

Object* make(Kind kind) {
    ++live;
    auto* object = new Object;
    object->kind = kind;
    return object;
}

const Object* as_object(CFTypeRef reference) {
    return static_cast<const Object*>(reference);
}

} // namespace

namespace tutti::coreaudio::test::core_foundation {

int64_t alive() {
    return live;
}

std::string text_of(CFTypeRef text) {
    return as_object(text)->text;
}

CFStringRef make_text(const std::string& text) {
    return CFStringCreateWithBytes(nullptr, reinterpret_cast<const UInt8*>(text.data()),
                                   static_cast<CFIndex>(text.size()), kCFStringEncodingUTF8, 0);
}

CFUUIDRef make_uuid(const UInt8 (&bytes)[16]) {
    Object* object = make(uuid_kind);
    std::memcpy(&object->uuid, bytes, sizeof(bytes));
    return reinterpret_cast<CFUUIDRef>(object);
}

CFTypeRef make_other() {
    return make(other_kind);
}

} // namespace tutti::coreaudio::test::core_foundation

#pragma GCC visibility push(default)
extern "C" {

CFTypeRef CFRetain(CFTypeRef reference) {
    ++const_cast<Object*>(as_object(reference))->references;
    return reference;
}

void CFRelease(CFTypeRef reference) {
    if (reference == nullptr || as_object(reference)->references <= 0)
        std::abort(); // as the real one would
    auto* object = const_cast<Object*>(as_object(reference));
    if (--object->references > 0)
        return;
    --live;
    delete object;
}

CFTypeID CFGetTypeID(CFTypeRef reference) {
    return as_object(reference)->kind;
}

CFTypeID CFStringGetTypeID() {
    return string_kind;
}

CFStringRef CFStringCreateWithBytes(CFAllocatorRef, const UInt8* bytes, CFIndex count,
                                    CFStringEncoding encoding, Boolean) {
    if (encoding != kCFStringEncodingUTF8)
        return nullptr;
    Object* object = make(string_kind);
    object->text.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
    return reinterpret_cast<CFStringRef>(object);
}

Boolean CFStringGetCString(CFStringRef text, char* buffer, CFIndex bytes, CFStringEncoding encoding) {
    const std::string& value = as_object(text)->text;
    if (as_object(text)->kind != string_kind || encoding != kCFStringEncodingUTF8 ||
        static_cast<CFIndex>(value.size()) + 1 > bytes) {
        return 0;
    }
    std::memcpy(buffer, value.c_str(), value.size() + 1);
    return 1;
}

CFUUIDBytes CFUUIDGetUUIDBytes(CFUUIDRef uuid) {
    return as_object(uuid)->uuid;
}
}
#pragma GCC visibility pop
