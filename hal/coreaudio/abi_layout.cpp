/// Pins the binary interface that the driver is written against. Compiles against our own headers (abi/) and
/// against Apple's, on a Mac and wherever SDKROOT names an SDK: whatever differs between the two stops the
/// build.
#include <CoreAudio/AudioServerPlugIn.h>
#include <CoreFoundation/CoreFoundation.h>

#include <stddef.h> // not <cstddef>: an SDK's headers are C, and it may have no C++ library

namespace {

static_assert(sizeof(void*) == 8, "the driver is built for 64-bit systems");
static_assert(sizeof(Boolean) == 1 && sizeof(OSStatus) == 4 && sizeof(CFIndex) == 8 && sizeof(CFTypeID) == 8);
static_assert(sizeof(HRESULT) == 4 && sizeof(ULONG) == 4 && sizeof(REFIID) == 16);

static_assert(sizeof(AudioObjectPropertyAddress) == 12);
static_assert(offsetof(AudioObjectPropertyAddress, mScope) == 4);
static_assert(offsetof(AudioObjectPropertyAddress, mElement) == 8);
static_assert(sizeof(AudioValueRange) == 16);

static_assert(sizeof(AudioStreamBasicDescription) == 40);
static_assert(offsetof(AudioStreamBasicDescription, mFormatID) == 8);
static_assert(offsetof(AudioStreamBasicDescription, mBytesPerFrame) == 24);
static_assert(offsetof(AudioStreamBasicDescription, mChannelsPerFrame) == 28);
static_assert(offsetof(AudioStreamBasicDescription, mBitsPerChannel) == 32);
static_assert(sizeof(AudioStreamRangedDescription) == 56);
static_assert(offsetof(AudioStreamRangedDescription, mSampleRateRange) == 40);

static_assert(sizeof(AudioChannelDescription) == 20);
static_assert(offsetof(AudioChannelLayout, mChannelDescriptions) == 12);

static_assert(sizeof(SMPTETime) == 24 && sizeof(AudioTimeStamp) == 64);
static_assert(offsetof(AudioTimeStamp, mHostTime) == 8 && offsetof(AudioTimeStamp, mFlags) == 56);

static_assert(sizeof(AudioServerPlugInCustomPropertyInfo) == 12);
static_assert(sizeof(AudioServerPlugInClientInfo) == 24);
static_assert(offsetof(AudioServerPlugInClientInfo, mBundleID) == 16);

static_assert(sizeof(AudioServerPlugInIOCycleInfo) == 224);
static_assert(offsetof(AudioServerPlugInIOCycleInfo, mCurrentTime) == 16);
static_assert(offsetof(AudioServerPlugInIOCycleInfo, mInputTime) == 80);
static_assert(offsetof(AudioServerPlugInIOCycleInfo, mOutputTime) == 144);
static_assert(offsetof(AudioServerPlugInIOCycleInfo, mDeviceHostTicksPerFrame) == 216);

static_assert(sizeof(AudioServerPlugInHostInterface) == 40);
static_assert(offsetof(AudioServerPlugInHostInterface, WriteToStorage) == 16);
static_assert(offsetof(AudioServerPlugInHostInterface, RequestDeviceConfigurationChange) == 32);
static_assert(sizeof(AudioServerPlugInDriverInterface) == 184);
static_assert(offsetof(AudioServerPlugInDriverInterface, Initialize) == 32);
static_assert(offsetof(AudioServerPlugInDriverInterface, PerformDeviceConfigurationChange) == 72);
static_assert(offsetof(AudioServerPlugInDriverInterface, HasProperty) == 88);
static_assert(offsetof(AudioServerPlugInDriverInterface, StartIO) == 128);
static_assert(offsetof(AudioServerPlugInDriverInterface, GetZeroTimeStamp) == 144);
static_assert(offsetof(AudioServerPlugInDriverInterface, DoIOOperation) == 168);

/// A code of four letters; these are what files and other processes hold, so they are spelled out once more.
constexpr UInt32 code(const char (&text)[5]) {
    return static_cast<UInt32>(static_cast<unsigned char>(text[0])) << 24 |
           static_cast<UInt32>(static_cast<unsigned char>(text[1])) << 16 |
           static_cast<UInt32>(static_cast<unsigned char>(text[2])) << 8 |
           static_cast<UInt32>(static_cast<unsigned char>(text[3]));
}

static_assert(kAudioObjectPropertyScopeGlobal == code("glob") &&
              kAudioObjectPropertyScopeInput == code("inpt"));
static_assert(kAudioObjectPropertyScopeOutput == code("outp"));
static_assert(kAudioObjectPropertyScopePlayThrough == code("ptru"));
static_assert(kAudioObjectPropertyElementMain == 0 && kAudioObjectUnknown == 0 &&
              kAudioObjectPlugInObject == 1);
static_assert(kAudioObjectClassID == code("aobj") && kAudioPlugInClassID == code("aplg"));
static_assert(kAudioDeviceClassID == code("adev") && kAudioStreamClassID == code("astr"));

static_assert(kAudioHardwareIllegalOperationError == code("nope"));
static_assert(kAudioHardwareUnknownPropertyError == code("who?"));
static_assert(kAudioHardwareBadPropertySizeError == code("!siz"));
static_assert(kAudioHardwareBadObjectError == code("!obj"));
static_assert(kAudioHardwareUnsupportedOperationError == code("unop"));
static_assert(kAudioDeviceUnsupportedFormatError == code("!dat"));

static_assert(kAudioObjectPropertyBaseClass == code("bcls") && kAudioObjectPropertyClass == code("clas"));
static_assert(kAudioObjectPropertyOwner == code("stdv") && kAudioObjectPropertyName == code("lnam"));
static_assert(kAudioObjectPropertyManufacturer == code("lmak"));
static_assert(kAudioObjectPropertyElementName == code("lchn"));
static_assert(kAudioObjectPropertyOwnedObjects == code("ownd"));
static_assert(kAudioObjectPropertyControlList == code("ctrl"));
static_assert(kAudioObjectPropertyCustomPropertyInfoList == code("cust"));
static_assert(kAudioPlugInPropertyDeviceList == code("dev#"));
static_assert(kAudioPlugInPropertyTranslateUIDToDevice == code("uidd"));
static_assert(kAudioPlugInPropertyBoxList == code("box#"));
static_assert(kAudioPlugInPropertyTranslateUIDToBox == code("uidb"));
static_assert(kAudioPlugInPropertyResourceBundle == code("rsrc"));

static_assert(kAudioDevicePropertyDeviceUID == code("uid ") && kAudioDevicePropertyModelUID == code("muid"));
static_assert(kAudioDevicePropertyTransportType == code("tran"));
static_assert(kAudioDevicePropertyRelatedDevices == code("akin"));
static_assert(kAudioDevicePropertyClockDomain == code("clkd"));
static_assert(kAudioDevicePropertyDeviceIsAlive == code("livn"));
static_assert(kAudioDevicePropertyDeviceIsRunning == code("goin"));
static_assert(kAudioDevicePropertyDeviceCanBeDefaultDevice == code("dflt"));
static_assert(kAudioDevicePropertyDeviceCanBeDefaultSystemDevice == code("sflt"));
static_assert(kAudioDevicePropertyLatency == code("ltnc") && kAudioDevicePropertyStreams == code("stm#"));
static_assert(kAudioDevicePropertySafetyOffset == code("saft"));
static_assert(kAudioDevicePropertyNominalSampleRate == code("nsrt"));
static_assert(kAudioDevicePropertyAvailableNominalSampleRates == code("nsr#"));
static_assert(kAudioDevicePropertyIsHidden == code("hidn"));
static_assert(kAudioDevicePropertyPreferredChannelsForStereo == code("dch2"));
static_assert(kAudioDevicePropertyPreferredChannelLayout == code("srnd"));
static_assert(kAudioDevicePropertyZeroTimeStampPeriod == code("ring"));
static_assert(kAudioDevicePropertyClockAlgorithm == code("clok"));
static_assert(kAudioDevicePropertyClockIsStable == code("cstb"));

static_assert(kAudioStreamPropertyIsActive == code("sact") && kAudioStreamPropertyDirection == code("sdir"));
static_assert(kAudioStreamPropertyTerminalType == code("term"));
static_assert(kAudioStreamPropertyStartingChannel == code("schn"));
static_assert(kAudioStreamPropertyLatency == code("ltnc"));
static_assert(kAudioStreamPropertyVirtualFormat == code("sfmt"));
static_assert(kAudioStreamPropertyAvailableVirtualFormats == code("sfma"));
static_assert(kAudioStreamPropertyPhysicalFormat == code("pft "));
static_assert(kAudioStreamPropertyAvailablePhysicalFormats == code("pfta"));

static_assert(kAudioDeviceTransportTypeVirtual == code("virt"));
static_assert(kAudioDeviceClockAlgorithmRaw == code("raww"));
static_assert(kAudioStreamTerminalTypeLine == code("line"));
static_assert(kAudioFormatLinearPCM == code("lpcm"));
static_assert(kAudioFormatFlagIsFloat == 1 && kAudioFormatFlagIsPacked == 8);
static_assert(kAudioChannelLayoutTag_UseChannelDescriptions == 0);
static_assert(kAudioChannelLabel_Discrete_0 == 65536);
static_assert(kAudioServerPlugInCustomPropertyDataTypeCFString == code("cfst"));
static_assert(kAudioServerPlugInIOOperationReadInput == code("read"));
static_assert(kAudioServerPlugInIOOperationWriteMix == code("rite"));
static_assert(kCFStringEncodingUTF8 == 0x08000100);

} // namespace
