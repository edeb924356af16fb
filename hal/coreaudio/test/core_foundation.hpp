#pragma once
#include <CoreFoundation/CoreFoundation.h>

#include <cstdint>
#include <string>

namespace tutti::coreaudio::test {

/// A stand-in for Core Foundation that counts what is alive.
namespace core_foundation {

/// Objects that nobody has released yet.
int64_t alive();
std::string text_of(CFTypeRef text);
/// The caller releases them.
CFStringRef make_text(const std::string& text);
CFUUIDRef make_uuid(const UInt8 (&bytes)[16]);
/// Something that is no string.
CFTypeRef make_other();

} // namespace core_foundation
} // namespace tutti::coreaudio::test
