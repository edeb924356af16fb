#pragma once
#include <string>

namespace tutti::hal::test {

/// A path below /dev/shm of its own for this process.
std::string scratch_path(const std::string& name);

/// The region of the tests that go through ALSA: one path, which its configuration names.
std::string region_path();

/// Writes an ALSA configuration as `tutti alsa-config` prints it, for region_path() and this library; returns
/// its path.
std::string write_alsa_config(const std::string& library);

struct CommandResult {
    int code = -1;
    std::string output; ///< standard output and standard error
};

/// Runs a shell command to its end.
CommandResult run(const std::string& command);

/// Removes a file when it goes.
class ScratchFile {
  public:
    explicit ScratchFile(const std::string& name) : path_(scratch_path(name)) {}
    ~ScratchFile();
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

} // namespace tutti::hal::test
