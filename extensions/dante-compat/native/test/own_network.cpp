#include "own_network.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace tutti::dante_compat::test {

OwnNetwork::OwnNetwork() {
    const int former = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (former < 0 || unshare(CLONE_NEWNET) != 0) {
        close(former);
        return;
    }
    former_ = former;
    ifreq up{};
    std::strcpy(up.ifr_name, "lo");
    up.ifr_flags = IFF_UP;
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ioctl(fd, SIOCSIFFLAGS, &up);
    close(fd);
}

OwnNetwork::~OwnNetwork() {
    if (former_ < 0)
        return;
    setns(former_, CLONE_NEWNET);
    close(former_);
}

} // namespace tutti::dante_compat::test
