// Floods the PTP groups with messages that a port has no use for, from clocks that do not exist.
//
//   ptp_flood --kind management|ptpv1|garbage|announce|sync|delay|peer --interface 10.77.0.2 --rate 20000
//   --seconds 10
//
// Prints one line of JSON: how many were sent.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

namespace {

constexpr int64_t second_ns = 1'000'000'000;
constexpr size_t most_bytes = 124;

using Options = std::map<std::string, std::string>;

// What is sent of a kind (IEEE 1588-2008 s.13; ptpv1: IEEE 1588-2002 annex D).
struct Kind {
    uint8_t type;  // messageType
    uint8_t bytes; // of the whole message
    uint16_t port;
    const char* group = "224.0.1.129";
};

const std::map<std::string, Kind> kinds = {
    {"management", {0xD, 58, 320}},
    {"ptpv1", {0, 124, 319}},
    {"garbage", {0, 0, 319}},
    {"announce", {0xB, 64, 320}},
    {"sync", {0x0, 44, 319}},
    {"delay", {0x1, 44, 319}},
    {"peer", {0x2, 54, 319, "224.0.0.107"}},
};

Options read_options(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2)
        options[std::string(argv[i]).substr(2)] = argv[i + 1];
    for (const char* name : {"kind", "interface", "rate", "seconds"}) {
        if (options.count(name) == 0) {
            std::fprintf(stderr, "ptp_flood: --%s is missing\n", name);
            std::exit(2);
        }
    }
    if (kinds.count(options.at("kind")) == 0) {
        std::fprintf(stderr, "ptp_flood: no such kind\n");
        std::exit(2);
    }
    return options;
}

int64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * second_ns + time.tv_nsec;
}

using Bytes = std::array<uint8_t, most_bytes>;

// The next message, as long as is returned.
size_t compose(const std::string& name, const Kind& kind, std::minstd_rand& random, Bytes& bytes) {
    const auto byte = [&] { return static_cast<uint8_t>(random() >> 8); };
    bytes.fill(0);
    if (name == "garbage") {
        std::generate(bytes.begin(), bytes.end(), byte);
        bytes[0] &= 0x0F;
        bytes[1] = 2;
        bytes[2] = 0;
        return byte() % bytes.size();
    }
    if (name == "ptpv1") {
        bytes[1] = bytes[3] = bytes[20] = bytes[21] = 1;
        std::copy_n("_DFLT", 5, bytes.begin() + 4);
        std::generate(bytes.begin() + 22, bytes.begin() + 28, byte);
        return kind.bytes;
    }
    bytes[0] = kind.type;
    bytes[1] = 2;
    bytes[3] = kind.bytes;
    std::generate(bytes.begin() + 20, bytes.begin() + 28, byte); // a clock of its own each time
    bytes[29] = 1;
    std::generate(bytes.begin() + 30, bytes.begin() + 32, byte); // sequenceId
    bytes[33] = 0xFD;
    if (name == "announce") {
        bytes[47] = 255; // priority1: it wins against nobody
        std::copy_n(bytes.begin() + 20, 8, bytes.begin() + 53);
    }
    return kind.bytes;
}

} // namespace

int main(int argc, char** argv) {
    const Options options = read_options(argc, argv);
    const std::string& name = options.at("kind");
    const Kind& kind = kinds.at(name);
    const int64_t rate = std::stol(options.at("rate"));
    in_addr interface {};
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(kind.port);
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    const int loop = 0; // a master on the same machine is to be left alone
    if (inet_pton(AF_INET, options.at("interface").c_str(), &interface) != 1 ||
        inet_pton(AF_INET, kind.group, &to.sin_addr) != 1 || fd < 0 ||
        setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &loop, sizeof loop) != 0 ||
        setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &interface, sizeof interface) != 0) {
        std::perror("ptp_flood: socket");
        return 1;
    }
    std::minstd_rand random(1);
    Bytes bytes;
    const int64_t begin = now_ns();
    const int64_t end = begin + std::stol(options.at("seconds")) * second_ns;
    int64_t sent = 0;
    for (int64_t now = begin; now < end; now = now_ns()) {
        // What is due, and then a millisecond's rest.
        for (const int64_t due = (now - begin) * rate / second_ns; sent < due; ++sent) {
            const size_t length = compose(name, kind, random, bytes);
            sendto(fd, bytes.data(), length, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
        }
        const timespec rest{0, 1'000'000};
        nanosleep(&rest, nullptr);
    }
    std::printf("{\"sent\":%ld}\n", static_cast<long>(sent));
    return 0;
}
