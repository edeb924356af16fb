/**
 * prbs: makes a test signal and checks it, to the bit. `generate` writes raw frames to standard output,
 * `check` reads them from standard input and prints one line of JSON. Exit: 0 right, 1 wrong or too short, 2
 * usage.
 */
#include "checker.hpp"
#include "sample_layout.hpp"
#include "signal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace tutti::prbs;

namespace {

constexpr const char* usage =
    "usage: prbs generate --channels C --format F [--bits 16|24] [--seconds S [--rate R] | --frames N]\n"
    "                     [--signal prbs|full-scale] [--first-channel K] [--start FRAME]\n"
    "       prbs check    --channels C --format F [--bits 16|24] [--signal prbs|full-scale] (default: "
    "either)\n"
    "                     [--first-channel K] [--min-frames N] [--allow-tail] [--raw-wav]\n"
    "formats: s16le s24_3le s24le s32le s16be s24be s32be f32le\n";

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "prbs: %s\n%s", message.c_str(), usage);
    std::exit(2);
}

/// Lets a pipe hold seconds instead of milliseconds: this program may have to wait for a busy machine, and a
/// program that keeps time at the other end must not have to wait for it. Anything else is left as it is.
void deepen(int pipe) {
    constexpr int bytes = 16 << 20;
    constexpr int bytes_for_anybody = 1 << 20;
    if (fcntl(pipe, F_SETPIPE_SZ, bytes) < 0)
        (void)fcntl(pipe, F_SETPIPE_SZ, bytes_for_anybody);
}

class Arguments {
  public:
    Arguments(int argc, char** argv) {
        for (int i = 2; i < argc; ++i) {
            const std::string name = argv[i];
            if (name == "--allow-tail" || name == "--raw-wav") {
                values_[name] = "yes";
            } else if (name.rfind("--", 0) == 0 && i + 1 < argc) {
                values_[name] = argv[++i];
            } else {
                fail("unknown argument " + name);
            }
        }
    }

    bool has(const std::string& name) { return values_.count(name) != 0; }

    std::string text(const std::string& name, const std::string& otherwise) {
        const auto found = values_.find(name);
        return found == values_.end() ? otherwise : found->second;
    }

    uint64_t number(const std::string& name, uint64_t otherwise, uint64_t most) {
        const auto found = values_.find(name);
        if (found == values_.end())
            return otherwise;
        char* end = nullptr;
        errno = 0;
        const uint64_t value = std::strtoull(found->second.c_str(), &end, 10);
        if (errno != 0 || end == found->second.c_str() || *end != '\0' || value > most)
            fail(name + " is out of range");
        return value;
    }

  private:
    std::map<std::string, std::string> values_;
};

/// Standard input in large pieces.
class Input {
  public:
    /// Fills `to` completely, or returns false at the end.
    bool read(uint8_t* to, std::size_t bytes) {
        while (bytes > 0) {
            if (used_ == filled_) {
                const ssize_t got = ::read(STDIN_FILENO, buffer_.data(), buffer_.size());
                if (got < 0 && errno == EINTR)
                    continue;
                if (got <= 0)
                    return false;
                used_ = 0;
                filled_ = static_cast<std::size_t>(got);
            }
            const std::size_t part = std::min(bytes, filled_ - used_);
            std::memcpy(to, buffer_.data() + used_, part);
            used_ += part;
            to += part;
            bytes -= part;
        }
        return true;
    }

  private:
    std::vector<uint8_t> buffer_ = std::vector<uint8_t>(1U << 18);
    std::size_t used_ = 0;
    std::size_t filled_ = 0;
};

/// Skips to the first byte of a WAV or RF64 file's data chunk.
bool skip_wav_header(Input& input) {
    uint8_t riff[12];
    if (!input.read(riff, sizeof(riff)) || std::memcmp(riff + 8, "WAVE", 4) != 0)
        return false;
    uint8_t chunk[8];
    while (input.read(chunk, sizeof(chunk))) {
        if (std::memcmp(chunk, "data", 4) == 0)
            return true;
        const uint64_t bytes =
            chunk[4] | chunk[5] << 8 | chunk[6] << 16 | static_cast<uint64_t>(chunk[7]) << 24;
        uint8_t ignored = 0;
        for (uint64_t i = 0; i < bytes + (bytes & 1); ++i) {
            if (!input.read(&ignored, 1))
                return false;
        }
    }
    return false;
}

bool write_all(const uint8_t* from, std::size_t bytes) {
    while (bytes > 0) {
        const ssize_t written = ::write(STDOUT_FILENO, from, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        from += written;
        bytes -= static_cast<std::size_t>(written);
    }
    return true;
}

struct Common {
    uint32_t channels;
    uint32_t first_channel;
    SampleLayout layout;
    std::vector<Signal> signals; ///< the one that is named, or all kinds
};

Common read_common(Arguments& arguments) {
    const auto channels = static_cast<uint32_t>(arguments.number("--channels", 0, 4096));
    if (channels == 0)
        fail("--channels is missing");
    const auto layout = SampleLayout::named(arguments.text("--format", ""));
    if (!layout)
        fail("--format is missing or unknown");
    const uint64_t bits = arguments.number("--bits", std::min(layout->bits, 24U), 24);
    if ((bits != 16 && bits != 24) || bits > layout->bits)
        fail("--bits must be 16 or 24 and fit the format");
    const std::string kind = arguments.text("--signal", "any");
    std::vector<Signal> signals;
    if (kind != "full-scale")
        signals.emplace_back(SignalKind::prbs, static_cast<unsigned>(bits));
    if (kind != "prbs")
        signals.emplace_back(SignalKind::full_scale, static_cast<unsigned>(bits));
    if (arguments.has("--signal") && signals.size() != 1)
        fail("--signal must be prbs or full-scale");
    const auto first = static_cast<uint32_t>(arguments.number("--first-channel", 0, 65535));
    return {channels, first, *layout, std::move(signals)};
}

int generate(Arguments& arguments) {
    const Common common = read_common(arguments);
    deepen(STDOUT_FILENO);
    Signal signal = common.signals.front();
    const uint64_t rate = arguments.number("--rate", 48000, 768000);
    const uint64_t seconds = arguments.number("--seconds", 0, 1U << 24);
    uint64_t left = arguments.number("--frames", seconds > 0 ? seconds * rate : UINT64_MAX, UINT64_MAX);
    uint64_t frame = arguments.number("--start", 0, UINT64_MAX / 2);
    const std::size_t frame_bytes = std::size_t{common.channels} * common.layout.bytes;
    std::vector<uint8_t> block(std::max<std::size_t>(65536 / frame_bytes, 1) * frame_bytes);
    std::vector<int32_t> samples(common.channels);
    while (left > 0) {
        const uint64_t frames = std::min<uint64_t>(left, block.size() / frame_bytes);
        uint8_t* to = block.data();
        for (uint64_t i = 0; i < frames; ++i, ++frame) {
            signal.frame(common.first_channel, frame, samples);
            for (const int32_t sample : samples) {
                common.layout.put(sample, to);
                to += common.layout.bytes;
            }
        }
        if (!write_all(block.data(), frames * frame_bytes))
            return 0; // the reader has had enough
        left -= frames;
    }
    return 0;
}

int check(Arguments& arguments) {
    const Common common = read_common(arguments);
    deepen(STDIN_FILENO);
    Checker checker(common.signals, common.layout,
                    {common.channels, common.first_channel, arguments.has("--allow-tail")});
    Input input;
    if (arguments.has("--raw-wav") && !skip_wav_header(input)) {
        std::fputs("prbs: no WAV header on standard input\n", stderr);
        return 1;
    }
    std::vector<uint8_t> frame(std::size_t{common.channels} * common.layout.bytes);
    while (input.read(frame.data(), frame.size()))
        checker.frame(frame.data());
    std::puts(checker.to_json().c_str());
    return checker.passed(arguments.number("--min-frames", 1, UINT64_MAX)) ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb != "generate" && verb != "check")
        fail("generate or check?");
    Arguments arguments(argc, argv);
    return verb == "generate" ? generate(arguments) : check(arguments);
}
