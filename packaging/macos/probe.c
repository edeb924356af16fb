/* A client of Core Audio that looks at the Tutti device: part of acceptance-test. Compiled on the volunteer's
 * Mac. */
#include <CoreAudio/CoreAudio.h>
#include <CoreFoundation/CoreFoundation.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const AudioObjectPropertyScope global = kAudioObjectPropertyScopeGlobal;

static AudioDeviceID find_device(void) {
    CFStringRef uid = CFSTR("dev.tutti.device");
    AudioObjectPropertyAddress address = {kAudioHardwarePropertyTranslateUIDToDevice, global, 0};
    AudioDeviceID device = kAudioObjectUnknown;
    UInt32 bytes = sizeof(device);
    AudioObjectGetPropertyData(kAudioObjectSystemObject, &address, sizeof(uid), &uid, &bytes, &device);
    return device;
}

static void print_text(AudioDeviceID device, UInt32 selector, AudioObjectPropertyScope scope,
                       UInt32 element) {
    AudioObjectPropertyAddress address = {selector, scope, element};
    CFStringRef text = NULL;
    UInt32 bytes = sizeof(text);
    char buffer[1024];
    if (AudioObjectGetPropertyData(device, &address, 0, NULL, &bytes, &text) != 0 || text == NULL)
        printf("(none)\n");
    else if (CFStringGetCString(text, buffer, sizeof(buffer), kCFStringEncodingUTF8))
        printf("%s\n", buffer);
}

static UInt32 number(AudioDeviceID device, UInt32 selector, AudioObjectPropertyScope scope) {
    AudioObjectPropertyAddress address = {selector, scope, 0};
    UInt32 value = 0xFFFFFFFF;
    UInt32 bytes = sizeof(value);
    AudioObjectGetPropertyData(device, &address, 0, NULL, &bytes, &value);
    return value;
}

static double rate_of(AudioDeviceID device) {
    AudioObjectPropertyAddress address = {kAudioDevicePropertyNominalSampleRate, global, 0};
    Float64 rate = 0;
    UInt32 bytes = sizeof(rate);
    AudioObjectGetPropertyData(device, &address, 0, NULL, &bytes, &rate);
    return rate;
}

static void describe(AudioDeviceID device) {
    printf("name: ");
    print_text(device, kAudioObjectPropertyName, global, 0);
    printf("rate: %g\n", rate_of(device));
    printf("transport: %08x, clock domain: %u\n", number(device, kAudioDevicePropertyTransportType, global),
           number(device, kAudioDevicePropertyClockDomain, global));
    const AudioObjectPropertyScope scopes[] = {kAudioObjectPropertyScopeInput,
                                               kAudioObjectPropertyScopeOutput};
    for (int i = 0; i < 2; ++i) {
        printf("%s: latency %u, safety offset %u, buffer %u frames, channel 1: ", i == 0 ? "input" : "output",
               number(device, kAudioDevicePropertyLatency, scopes[i]),
               number(device, kAudioDevicePropertySafetyOffset, scopes[i]),
               number(device, kAudioDevicePropertyBufferFrameSize, scopes[i]));
        print_text(device, kAudioObjectPropertyElementName, scopes[i], 1);
    }
}

static atomic_ulong cycles, frames, loud, jumps;
static double expected = -1;

static OSStatus on_io(AudioObjectID device, const AudioTimeStamp* now, const AudioBufferList* input,
                      const AudioTimeStamp* input_time, AudioBufferList* output,
                      const AudioTimeStamp* output_time, void* context) {
    (void)device, (void)now, (void)output, (void)output_time, (void)context;
    atomic_fetch_add(&cycles, 1);
    if (input->mNumberBuffers == 0)
        return 0;
    const AudioBuffer* buffer = &input->mBuffers[0];
    const unsigned long count = buffer->mDataByteSize / sizeof(float) / buffer->mNumberChannels;
    if (expected >= 0 && input_time->mSampleTime != expected)
        atomic_fetch_add(&jumps, 1);
    expected = input_time->mSampleTime + (double)count;
    atomic_fetch_add(&frames, count);
    for (unsigned long i = 0; i < count * buffer->mNumberChannels; ++i) {
        if (((const float*)buffer->mData)[i] != 0) {
            atomic_fetch_add(&loud, 1);
            break;
        }
    }
    return 0;
}

static int run_io(AudioDeviceID device, unsigned seconds) {
    AudioDeviceIOProcID id = NULL;
    OSStatus status = AudioDeviceCreateIOProcID(device, on_io, NULL, &id);
    if (status == 0)
        status = AudioDeviceStart(device, id);
    if (status != 0) {
        printf("IO does not start: %d\n", (int)status);
        return 1;
    }
    sleep(seconds);
    AudioDeviceStop(device, id);
    AudioDeviceDestroyIOProcID(device, id);
    const double expected_frames = rate_of(device) * seconds;
    printf("%lu cycles, %lu frames of about %.0f, %lu cycles with sound, %lu jumps of sample time\n",
           (unsigned long)cycles, (unsigned long)frames, expected_frames, (unsigned long)loud,
           (unsigned long)jumps);
    return (double)frames > expected_frames * 0.9 && jumps == 0 ? 0 : 1;
}

int main(int argc, char** argv) {
    const char* verb = argc > 1 ? argv[1] : "list";
    const AudioDeviceID device = find_device();
    if (device == kAudioObjectUnknown) {
        printf("no device with the UID dev.tutti.device\n");
        return 1;
    }
    if (strcmp(verb, "list") == 0) {
        printf("device %u: ", device);
        print_text(device, kAudioObjectPropertyName, global, 0);
    } else if (strcmp(verb, "describe") == 0) {
        describe(device);
    } else if (strcmp(verb, "status") == 0) {
        print_text(device, 'tsta', global, 0);
    } else if (strcmp(verb, "rate") == 0) {
        printf("%g\n", rate_of(device));
    } else if (strcmp(verb, "set-rate") == 0 && argc > 2) {
        AudioObjectPropertyAddress address = {kAudioDevicePropertyNominalSampleRate, global, 0};
        const Float64 rate = atof(argv[2]);
        return AudioObjectSetPropertyData(device, &address, 0, NULL, sizeof(rate), &rate) == 0 ? 0 : 1;
    } else if (strcmp(verb, "io") == 0 && argc > 2) {
        return run_io(device, (unsigned)atoi(argv[2]));
    } else {
        printf("usage: probe list|describe|status|rate|set-rate HZ|io SECONDS\n");
        return 2;
    }
    return 0;
}
