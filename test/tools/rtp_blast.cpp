// A light RTP sender: as many streams as asked for, all due at the same tick, sent with one system call. It
// is the load of benchmarks, so that what is measured is the receiver. Payload is counted, not audio.
//
//   rtp_blast --group 239.10.0.1 --streams 16 --port 5004 --interface 10.77.0.2 --payload 1152 --frames 48
//   --rate 48000
//             --seconds 10 [--type 98]
//
// Stream i goes to the group plus i. Prints one line of JSON: packets sent and by how much the worst tick was
// late.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace {

constexpr size_t rtp_header_bytes = 12;
constexpr int64_t second_ns = 1'000'000'000;

using Options = std::map<std::string, std::string>;

Options read_options(int argc, char** argv) {
    Options options{{"port", "5004"}, {"type", "98"}};
    for (int i = 1; i + 1 < argc; i += 2)
        options[std::string(argv[i]).substr(2)] = argv[i + 1];
    for (const char* name : {"group", "streams", "interface", "payload", "frames", "rate", "seconds"}) {
        if (options.count(name) == 0) {
            std::fprintf(stderr, "rtp_blast: --%s is missing\n", name);
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

void sleep_until(int64_t ns) {
    const timespec time{ns / second_ns, ns % second_ns};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

int open_socket(const in_addr& interface) {
    const int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    const int buffer = 8 << 20;
    const unsigned char ttl = 4;
    const sockaddr_in local{AF_INET, 0, interface, {}};
    if (socket_fd < 0 || bind(socket_fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0 ||
        setsockopt(socket_fd, IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof interface) != 0 ||
        setsockopt(socket_fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) != 0) {
        std::perror("rtp_blast: socket");
        std::exit(1);
    }
    setsockopt(socket_fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    return socket_fd;
}

struct Stream {
    sockaddr_in destination{};
    std::vector<uint8_t> packet;
};

std::vector<Stream> make_streams(const Options& options, size_t payload) {
    std::vector<Stream> streams(std::stoul(options.at("streams")));
    const uint32_t group = ntohl(inet_addr(options.at("group").c_str()));
    for (size_t i = 0; i < streams.size(); ++i) {
        Stream& stream = streams[i];
        stream.destination.sin_family = AF_INET;
        stream.destination.sin_port = htons(static_cast<uint16_t>(std::stoul(options.at("port"))));
        stream.destination.sin_addr.s_addr = htonl(group + static_cast<uint32_t>(i));
        stream.packet.resize(rtp_header_bytes + payload);
        stream.packet[0] = 0x80;
        stream.packet[1] = static_cast<uint8_t>(std::stoul(options.at("type")));
        const uint32_t ssrc = htonl(0x7e570000u + static_cast<uint32_t>(i));
        std::memcpy(&stream.packet[8], &ssrc, sizeof ssrc);
        for (size_t byte = rtp_header_bytes; byte < stream.packet.size(); ++byte) {
            stream.packet[byte] = static_cast<uint8_t>(byte * 7 + i);
        }
    }
    return streams;
}

} // namespace

int main(int argc, char** argv) {
    const Options options = read_options(argc, argv);
    const int64_t rate = std::stol(options.at("rate"));
    const int64_t frames = std::stol(options.at("frames"));
    const int64_t ticks = std::stol(options.at("seconds")) * rate / frames;
    in_addr interface {};
    inet_aton(options.at("interface").c_str(), &interface);
    const int socket_fd = open_socket(interface);
    std::vector<Stream> streams = make_streams(options, std::stoul(options.at("payload")));

    std::vector<iovec> parts(streams.size());
    std::vector<mmsghdr> messages(streams.size());
    for (size_t i = 0; i < streams.size(); ++i) {
        parts[i] = {streams[i].packet.data(), streams[i].packet.size()};
        messages[i].msg_hdr = {&streams[i].destination, sizeof(sockaddr_in), &parts[i], 1, nullptr, 0, 0};
    }

    uint64_t sent = 0;
    int64_t worst = 0;
    const int64_t start = now_ns() + 1'000'000;
    for (int64_t tick = 0; tick < ticks; ++tick) {
        const uint16_t sequence = htons(static_cast<uint16_t>(tick));
        const uint32_t timestamp = htonl(static_cast<uint32_t>(tick * frames));
        for (Stream& stream : streams) {
            std::memcpy(&stream.packet[2], &sequence, sizeof sequence);
            std::memcpy(&stream.packet[4], &timestamp, sizeof timestamp);
        }
        const int64_t due = start + tick * frames * second_ns / rate;
        sleep_until(due);
        worst = std::max(worst, now_ns() - due);
        size_t done = 0;
        while (done < messages.size()) {
            const int count =
                sendmmsg(socket_fd, &messages[done], static_cast<unsigned>(messages.size() - done), 0);
            if (count < 0) {
                std::perror("rtp_blast: sendmmsg");
                return 1;
            }
            done += static_cast<size_t>(count);
        }
        sent += done;
    }
    std::printf("{\"packets\":%llu,\"worstLateUs\":%lld}\n", static_cast<unsigned long long>(sent),
                static_cast<long long>(worst / 1000));
    close(socket_fd);
    return 0;
}
