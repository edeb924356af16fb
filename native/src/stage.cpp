#include "stage.hpp"

#include <array>

namespace tutti {

std::optional<Problem> Stage::create(const tutti_codec& codec, uint32_t channels, uint32_t rate,
                                     bool resampled, std::unique_ptr<Stage>& result) {
    const tutti_stage* table = stage_of(codec);
    if (table == nullptr)
        return std::nullopt;
    const tutti_stage_format format{.size = sizeof(tutti_stage_format),
                                    .abi = TUTTI_ABI,
                                    .channels = channels,
                                    .rate = rate,
                                    .resampled = resampled ? 1u : 0u};
    std::array<char, 256> error{};
    void* handle = table->start(&format, error.data(), error.size());
    if (handle == nullptr) {
        error.back() = '\0';
        return Problem{"unsupported", "codec", std::string(codec.encoding) + ": " + error.data(),
                       "choose another codec for this stream"};
    }
    result.reset(new Stage(*table, handle, channels, rate));
    return std::nullopt;
}

StageContent Stage::content() const noexcept {
    StageContent content;
    content.is_words = (content_ & TUTTI_CONTENT_WORDS) != 0;
    if ((content_ & TUTTI_CONTENT_DSD) != 0)
        content.dsd_rate = int64_t{rate_} * ((content_ & TUTTI_CONTENT_DSD_PAIRS) != 0 ? 32 : 16);
    return content;
}

} // namespace tutti
