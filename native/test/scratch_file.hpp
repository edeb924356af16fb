#pragma once
#include <unistd.h>

#include <string>

namespace tutti::test {

/// A name below /dev/shm that is this test's alone and gone afterwards.
class ScratchFile {
  public:
    explicit ScratchFile(const std::string& name)
        : path_("/dev/shm/tutti-test-" + std::to_string(getpid()) + "-" + name) {}
    ~ScratchFile() { unlink(path_.c_str()); }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

} // namespace tutti::test
