/*
 * The part of Core Foundation's binary interface that the driver uses, for machines without Apple's SDK.
 * Written by hand from the documented interface; abi_layout.cpp pins it, and compiles against a real SDK too.
 */
#ifndef TUTTI_ABI_CORE_FOUNDATION_H
#define TUTTI_ABI_CORE_FOUNDATION_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned char Boolean;
typedef unsigned char UInt8;
typedef int16_t SInt16;
typedef uint16_t UInt16;
typedef int32_t SInt32;
typedef uint32_t UInt32;
typedef uint64_t UInt64;
typedef float Float32;
typedef double Float64;
typedef SInt32 OSStatus;

typedef long CFIndex;
typedef unsigned long CFTypeID;
typedef UInt32 CFStringEncoding;
typedef const void* CFTypeRef;
typedef CFTypeRef CFPropertyListRef;
typedef const struct __CFAllocator* CFAllocatorRef;
typedef const struct __CFString* CFStringRef;
typedef const struct __CFDictionary* CFDictionaryRef;
typedef const struct __CFUUID* CFUUIDRef;

typedef struct CFUUIDBytes {
    UInt8 byte0, byte1, byte2, byte3, byte4, byte5, byte6, byte7;
    UInt8 byte8, byte9, byte10, byte11, byte12, byte13, byte14, byte15;
} CFUUIDBytes;

enum { kCFStringEncodingUTF8 = 0x08000100 };

CFTypeRef CFRetain(CFTypeRef object);
void CFRelease(CFTypeRef object);
CFTypeID CFGetTypeID(CFTypeRef object);
CFTypeID CFStringGetTypeID(void);
/* A null allocator is the default one. */
CFStringRef CFStringCreateWithBytes(CFAllocatorRef allocator, const UInt8* bytes, CFIndex count,
                                    CFStringEncoding encoding, Boolean external);
/* False if the text does not fit, or cannot be expressed. */
Boolean CFStringGetCString(CFStringRef text, char* buffer, CFIndex bytes, CFStringEncoding encoding);
CFUUIDBytes CFUUIDGetUUIDBytes(CFUUIDRef uuid);

/* Of CFPlugInCOM. */
typedef UInt32 ULONG;
typedef SInt32 HRESULT;
typedef void* LPVOID;
typedef CFUUIDBytes REFIID;

#ifdef __cplusplus
}
#endif

#endif
