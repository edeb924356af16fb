#pragma once
#include "driver_image.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tutti::coreaudio::test {

/**
 * Loads a Mach-O bundle of this machine's architecture into a process that is no Mac's: maps its segments,
 * moves its pointers, and resolves what it imports from this program (_name is `name` here). Classic
 * LC_DYLD_INFO only, no code that runs at load; anything else fails the test.
 */
class MachOImage : public DriverImage {
  public:
    explicit MachOImage(const std::string& path);
    ~MachOImage() override;
    MachOImage(const MachOImage&) = delete;
    MachOImage& operator=(const MachOImage&) = delete;
    [[nodiscard]] Factory factory() const override { return factory_; }

  private:
    struct Segment {
        uint64_t address = 0;
        uint64_t bytes = 0;
    };
    void map();
    void rebase(uint32_t offset, uint32_t bytes);
    void bind(uint32_t offset, uint32_t bytes, bool lazy);
    [[nodiscard]] void* place(std::size_t segment, uint64_t offset) const;
    [[nodiscard]] void* find_export(const std::string& name) const;
    template <typename T> [[nodiscard]] T at(uint64_t offset) const;

    std::vector<unsigned char> file_;
    std::vector<Segment> segments_;
    unsigned char* memory_ = nullptr;
    uint64_t memory_bytes_ = 0;
    uint32_t symbols_offset_ = 0;
    uint32_t symbol_count_ = 0;
    uint32_t strings_offset_ = 0;
    Factory factory_ = nullptr;
};

} // namespace tutti::coreaudio::test
