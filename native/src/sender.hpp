#pragma once
#include "cycle_context.hpp"
#include "problem.hpp"
#include "route_runs.hpp"
#include "stage.hpp"
#include "telemetry.hpp"
#include "transmit_socket.hpp"

#include "tutti/codec.h"

#include <netinet/in.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace tutti {

class SendBatch;

/// One stream being sent: encodes packets from the output ring when their last sample has been taken. Made
/// and destroyed by the control thread; everything marked [audio] belongs to the audio thread in between.
class Sender {
  public:
    using OpenSocket = std::function<std::optional<Problem>(
        const TransmitSocket::Key&, const std::string& field, std::shared_ptr<TransmitSocket>&)>;

    /// @param codec lives as long as the process. [control]
    static std::optional<Problem> create(const SenderPlan& plan, const tutti_codec& codec, uint32_t rate,
                                         TelemetrySlot<SenderField> telemetry, const OpenSocket& open_socket,
                                         std::unique_ptr<Sender>& result);

    [[nodiscard]] const SenderPlan& plan() const noexcept { return plan_; }
    [[nodiscard]] const tutti_codec& codec() const noexcept { return codec_; }
    [[nodiscard]] bool interfaces_unchanged() const;
    /// Groups senders of one socket, so that a batch goes out in few calls.
    [[nodiscard]] int first_fd() const noexcept { return legs_.front().socket->fd(); }

    /// Swaps routes in without a break. The returned old ones may be freed after one whole cycle. [control]
    std::unique_ptr<const std::vector<RouteRun>> update(const SenderPlan& plan);

    /// Queues every packet that is due. [audio]
    void send_due(const CycleContext& cycle, SendBatch& batch) noexcept;
    /// Outputs before this index are not needed any more. [audio]
    [[nodiscard]] int64_t next_index() const noexcept { return next_index_; }
    /// The timeline stepped: begin anew at its present. [audio]
    void restart() noexcept { started_ = false; }
    /// [audio]
    void note_sent(std::size_t bytes) noexcept;
    void note_failed() noexcept { telemetry_.add(SenderField::send_errors); }

  private:
    struct Leg {
        std::shared_ptr<TransmitSocket> socket;
        sockaddr_in destination{};
    };

    Sender(const SenderPlan& plan, const tutti_codec& codec, uint32_t rate,
           TelemetrySlot<SenderField> telemetry);
    void catch_up(int64_t index_now) noexcept;
    void encode(uint8_t* payload, const DeviceRegion& region) noexcept;
    void encode_staged(uint8_t* payload, const DeviceRegion& region) noexcept;
    void encode_silence(uint8_t* payload) noexcept;

    SenderPlan plan_;
    const tutti_codec& codec_;
    uint32_t rate_;
    TelemetrySlot<SenderField> telemetry_;
    std::vector<Leg> legs_;
    std::atomic<const std::vector<RouteRun>*> routes_{nullptr};
    std::unique_ptr<const std::vector<RouteRun>> owned_routes_;
    bool started_ = false;
    int64_t next_index_ = 0;
    uint32_t ssrc_;
    uint16_t sequence_;
    int64_t local_now_ = 0;
    std::unique_ptr<Stage> stage_; ///< of a codec that has one
    std::vector<float> staged_;    ///< one packet's frames, for the stage
};

} // namespace tutti
