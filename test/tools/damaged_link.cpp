// A cable that misbehaves when it is told to, for kernels without netem: bridges two interfaces of its
// network namespace, frame by frame, and takes one order a line from standard input.
//
//   damaged_link IF1 IF2
//     whole          every frame passes at once
//     cut            none does
//     loss PERCENT   that share of UDP frames is lost, by chance with a fixed seed
//     delay MS       every frame passes later
//     reorder MS     every third frame passes later, so that others overtake it
//
// Prints "carrying" when it does, and "obeyed N ORDER, M not passed" for the Nth order, with how many UDP
// frames it has kept so far. By chance only UDP is lost, so that ARP and IGMP work.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int64_t ms = 1'000'000;
constexpr size_t largest_frame = 65536;
// Whoever is not run for a second loses no frame that nobody told it to lose.
constexpr int buffer_bytes = 16 << 20;
// What the kernel says about a frame, in front of it: virtio_net_hdr of linux/virtio_net.h, which is not C++.
constexpr size_t frame_header = 10;
constexpr size_t protocol_offset = frame_header + 14 + 9; // of IPv4 behind an Ethernet header
constexpr uint8_t udp = 17;

struct Orders {
    bool cut = false;
    double loss = 0;
    int64_t delay_ns = 0;
    bool only_third = false;
};

struct Frame {
    int to;
    std::vector<uint8_t> bytes;
};

int64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 * ms + time.tv_nsec;
}

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(1);
}

int open_interface(const char* name) {
    const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL));
    if (fd < 0)
        give_up("socket");
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(if_nametoindex(name));
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        give_up(name);
    // Virtual interfaces leave checksums (and cutting to the MTU) to whoever puts the frame on a cable. This
    // header says what is left to do; given back with the frame it is done. Without it the other end drops
    // every UDP packet: wrong checksum.
    const int with_header = 1;
    if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &with_header, sizeof with_header) != 0)
        give_up("frames with their headers");
    for (const int option : {SO_RCVBUFFORCE, SO_SNDBUFFORCE})
        if (setsockopt(fd, SOL_SOCKET, option, &buffer_bytes, sizeof buffer_bytes) != 0)
            give_up("buffers");
    packet_mreq promiscuous{address.sll_ifindex, PACKET_MR_PROMISC, 0, {}};
    if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous) != 0)
        give_up("promiscuous");
    return fd;
}

class Link {
  public:
    Link(const char* one, const char* other) : ends_{open_interface(one), open_interface(other)} {}

    [[noreturn]] void carry() {
        std::puts("carrying");
        std::fflush(stdout);
        for (;;) {
            pollfd polled[] = {{ends_[0], POLLIN, 0}, {ends_[1], POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
            poll(polled, input_open_ ? 3 : 2, wait_ms());
            if (input_open_ && polled[2].revents != 0)
                read_orders();
            take(0);
            take(1);
            pass_due();
        }
    }

  private:
    int wait_ms() const {
        if (held_.empty())
            return 100;
        const int64_t left = held_.begin()->first - now_ns();
        return left <= 0 ? 0 : static_cast<int>((left + ms - 1) / ms);
    }

    void read_orders() {
        char text[256];
        const ssize_t size = read(STDIN_FILENO, text, sizeof text);
        if (size <= 0)
            input_open_ = false;
        for (ssize_t i = 0; i < size; i++) {
            if (text[i] != '\n') {
                line_ += text[i];
                continue;
            }
            obey(line_);
            line_.clear();
        }
    }

    void obey(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        double value = 0;
        words >> verb >> value;
        orders_ = Orders{};
        if (verb == "cut")
            orders_.cut = true;
        if (verb == "loss")
            orders_.loss = value / 100;
        if (verb == "delay" || verb == "reorder")
            orders_.delay_ns = static_cast<int64_t>(value) * ms;
        orders_.only_third = verb == "reorder";
        std::printf("obeyed %u %s, %llu not passed\n", ++obeyed_, line.c_str(),
                    static_cast<unsigned long long>(kept_));
        std::fflush(stdout);
    }

    void take(int end) {
        uint8_t bytes[largest_frame];
        for (;;) {
            sockaddr_ll from{};
            socklen_t size = sizeof from;
            const ssize_t length =
                recvfrom(ends_[end], bytes, sizeof bytes, 0, reinterpret_cast<sockaddr*>(&from), &size);
            if (length <= 0)
                return;
            if (from.sll_pkttype == PACKET_OUTGOING)
                continue; // our own
            const bool is_udp =
                length > static_cast<ssize_t>(protocol_offset) && bytes[protocol_offset] == udp;
            if (orders_.cut || (is_udp && chance_(random_) < orders_.loss)) {
                kept_ += is_udp ? 1 : 0;
                continue;
            }
            count_++;
            const bool held = orders_.delay_ns > 0 && (!orders_.only_third || count_ % 3 == 0);
            const int64_t at = now_ns() + (held ? orders_.delay_ns : 0);
            held_.emplace(at, Frame{ends_[1 - end], {bytes, bytes + length}});
        }
    }

    void pass_due() {
        const int64_t now = now_ns();
        while (!held_.empty() && held_.begin()->first <= now) {
            const Frame& frame = held_.begin()->second;
            // A frame that cannot leave is lost, as on a cable.
            if (send(frame.to, frame.bytes.data(), frame.bytes.size(), 0) < 0)
                lost_++;
            held_.erase(held_.begin());
        }
    }

    int ends_[2];
    Orders orders_;
    std::multimap<int64_t, Frame> held_;
    std::string line_;
    bool input_open_ = true;
    unsigned obeyed_ = 0;
    uint64_t count_ = 0;
    uint64_t kept_ = 0;
    uint64_t lost_ = 0;
    std::mt19937 random_{1};
    std::uniform_real_distribution<double> chance_{0, 1};
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("damaged_link IF1 IF2\n", stderr);
        return 2;
    }
    Link(argv[1], argv[2]).carry();
}
