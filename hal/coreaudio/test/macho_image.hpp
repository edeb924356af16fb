#pragma once
#include "driver_image.hpp"
#include "macho_format.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tutti::coreaudio::test {

/**
 * Loads a Mach-O bundle, or this machine's part of one, into a process that is no Mac's: maps its segments,
 * moves its pointers, gives it what it imports (macho_imports.hpp), and protects its memory as a Mac does.
 * Only what the driver needs: fix-ups by LC_DYLD_INFO, no code that runs at load, no thread-local data.
 * Anything else throws.
 */
class MachOImage : public DriverImage {
  public:
    explicit MachOImage(const std::string& path);
    ~MachOImage() override;
    MachOImage(const MachOImage&) = delete;
    MachOImage& operator=(const MachOImage&) = delete;
    [[nodiscard]] Factory factory() const override { return factory_; }

  private:
    /// Where a fix-up program has come to.
    struct Place {
        std::size_t segment = 0;
        uint64_t offset = 0;
    };

    void read(const std::string& path);
    void read_commands();
    void map();
    void unmap() noexcept;
    void rebase();
    void bind(const macho::Part& part, bool lazy);
    void protect();
    [[nodiscard]] void* find_export(const std::string& name) const;
    [[nodiscard]] unsigned char* pointer_at(const Place& place) const;
    [[nodiscard]] unsigned char* address_of(uint64_t address) const;
    template <typename T> [[nodiscard]] T at(uint64_t offset) const;

    std::vector<unsigned char> file_;
    std::vector<macho::SegmentCommand> segments_;
    macho::DyldInfoCommand fixups_{};
    uint64_t first_address_ = 0;
    unsigned char* memory_ = nullptr;
    uint64_t memory_bytes_ = 0;
    Factory factory_ = nullptr;
};

} // namespace tutti::coreaudio::test
