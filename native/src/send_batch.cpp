#include "send_batch.hpp"

#include "sender.hpp"

namespace tutti {

uint8_t* SendBatch::begin_packet() noexcept {
    if (packet_count_ == max_packets || message_count_ + 2 > max_messages)
        flush();
    return packets_[packet_count_++].data();
}

void SendBatch::add(Sender& sender, int fd, const sockaddr_in& destination, std::size_t bytes) noexcept {
    Message& message = messages_[message_count_];
    message = {&sender, fd, {packets_[packet_count_ - 1].data(), bytes}};
    mmsghdr& header = headers_[message_count_];
    header = {};
    header.msg_hdr.msg_name = const_cast<sockaddr_in*>(&destination); // the kernel only reads it
    header.msg_hdr.msg_namelen = sizeof(destination);
    header.msg_hdr.msg_iov = &message.data;
    header.msg_hdr.msg_iovlen = 1;
    ++message_count_;
}

void SendBatch::flush() noexcept {
    std::size_t first = 0;
    while (first < message_count_) {
        std::size_t end = first + 1;
        while (end < message_count_ && messages_[end].fd == messages_[first].fd)
            ++end;
        const int sent =
            send_datagrams(messages_[first].fd, headers_.data() + first, static_cast<unsigned>(end - first));
        const std::size_t good = sent > 0 ? static_cast<std::size_t>(sent) : 0;
        for (std::size_t i = first; i < first + good; ++i)
            messages_[i].sender->note_sent(messages_[i].data.iov_len);
        first += good;
        // The kernel stopped at a message it would not take: that one is given up, the others go on.
        if (first < end)
            messages_[first++].sender->note_failed();
    }
    packet_count_ = 0;
    message_count_ = 0;
}

} // namespace tutti
