#include "frame_source.hpp"

#include "dop_source.hpp"
#include "dsd_file.hpp"
#include "wav_reader.hpp"

namespace tutti::hal {

std::unique_ptr<FrameSource> open_frame_source(const std::string& path, uint32_t device_rate,
                                               std::string& problem) {
    if (DsdFile::is_one(path)) {
        DsdFile file;
        problem = file.open(path);
        if (problem.empty())
            return DopSource::create(std::move(file), device_rate, problem);
        return nullptr;
    }
    auto wav = std::make_unique<WavReader>();
    problem = wav->open(path);
    if (problem.empty())
        return wav;
    return nullptr;
}

} // namespace tutti::hal
