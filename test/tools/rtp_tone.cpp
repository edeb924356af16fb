// A sender whose clock is off: a 997 Hz tone as L24, every packet sent when its last sample would have been
// taken on a clock that is so many parts in a million faster than the machine's.
//
//   rtp_tone --group 239.10.0.1 --port 5004 --interface 10.77.0.2 --channels 2 --frames 48 --rate 48000 --ppm
//   300
//            --seconds 10 [--type 98] [--tone 997]
//
// Prints one line of JSON: packets sent and by how much the worst of them was late.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <numbers>
#include <string>
#include <vector>

namespace {

constexpr size_t rtp_header_bytes = 12;
constexpr int64_t second_ns = 1'000'000'000;
constexpr double peak = 0.891 * 8388607; // -1 dBFS

using Options = std::map<std::string, std::string>;

Options read_options(int argc, char** argv) {
    Options options{{"port", "5004"}, {"type", "98"}, {"tone", "997"}};
    for (int i = 1; i + 1 < argc; i += 2)
        options[std::string(argv[i]).substr(2)] = argv[i + 1];
    for (const char* name : {"group", "interface", "channels", "frames", "rate", "ppm", "seconds"}) {
        if (options.count(name) == 0) {
            std::fprintf(stderr, "rtp_tone: --%s is missing\n", name);
            std::exit(2);
        }
    }
    return options;
}

int64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * second_ns + time.tv_nsec;
}

int open_socket(const in_addr& interface) {
    const int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    const unsigned char ttl = 4;
    const sockaddr_in local{AF_INET, 0, interface, {}};
    if (socket_fd < 0 || bind(socket_fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0 ||
        setsockopt(socket_fd, IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof interface) != 0 ||
        setsockopt(socket_fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) != 0) {
        std::perror("rtp_tone: socket");
        std::exit(1);
    }
    return socket_fd;
}

void put32(uint8_t* at, uint32_t value) {
    value = htonl(value);
    std::memcpy(at, &value, sizeof value);
}

} // namespace

int main(int argc, char** argv) {
    const Options options = read_options(argc, argv);
    const int64_t rate = std::stol(options.at("rate"));
    const int64_t frames = std::stol(options.at("frames"));
    const size_t channels = std::stoul(options.at("channels"));
    const int64_t tone = std::stol(options.at("tone"));
    const double frame_ns = 1e9 / (static_cast<double>(rate) * (1 + 1e-6 * std::stod(options.at("ppm"))));
    const int64_t packets = std::stol(options.at("seconds")) * rate / frames;
    in_addr interface {};
    inet_aton(options.at("interface").c_str(), &interface);
    const int socket_fd = open_socket(interface);
    sockaddr_in group{};
    group.sin_family = AF_INET;
    group.sin_port = htons(static_cast<uint16_t>(std::stoul(options.at("port"))));
    inet_aton(options.at("group").c_str(), &group.sin_addr);

    std::vector<uint8_t> packet(rtp_header_bytes + static_cast<size_t>(frames) * channels * 3);
    packet[0] = 0x80;
    packet[1] = static_cast<uint8_t>(std::stoul(options.at("type")));
    put32(&packet[8], 0x70E50000);
    int64_t worst = 0;
    const int64_t start = now_ns();
    for (int64_t number = 0; number < packets; ++number) {
        const int64_t first = number * frames;
        const uint16_t sequence = htons(static_cast<uint16_t>(number));
        std::memcpy(&packet[2], &sequence, sizeof sequence);
        put32(&packet[4], static_cast<uint32_t>(first));
        uint8_t* byte = &packet[rtp_header_bytes];
        for (int64_t frame = first; frame < first + frames; ++frame) {
            const auto turns = static_cast<double>(frame * tone % rate) / static_cast<double>(rate);
            const auto value =
                static_cast<int32_t>(std::lround(peak * std::sin(2 * std::numbers::pi * turns)));
            for (size_t channel = 0; channel < channels; ++channel) {
                *byte++ = static_cast<uint8_t>(value >> 16);
                *byte++ = static_cast<uint8_t>(value >> 8);
                *byte++ = static_cast<uint8_t>(value);
            }
        }
        const int64_t due = start + std::llround(static_cast<double>(first + frames) * frame_ns);
        const timespec time{due / second_ns, due % second_ns};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
        worst = std::max(worst, now_ns() - due);
        if (sendto(socket_fd, packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&group),
                   sizeof group) < 0) {
            std::perror("rtp_tone: sendto");
            return 1;
        }
    }
    std::printf("{\"packets\":%lld,\"worstLateUs\":%lld}\n", static_cast<long long>(packets),
                static_cast<long long>(worst / 1000));
    close(socket_fd);
    return 0;
}
