#pragma once
#include <cstdint>

/// The parts of Apple's executable format that a loader reads, as its documentation lays them out. Numbers
/// are little-endian, those of the index of architectures big-endian.
namespace tutti::coreaudio::test::macho {

constexpr uint32_t index_magic = 0xCAFEBABE;
constexpr uint32_t magic_64 = 0xFEEDFACF;
constexpr uint32_t type_bundle = 8;
#ifdef __aarch64__
constexpr uint32_t our_cpu = 0x0100000C;
#else
constexpr uint32_t our_cpu = 0x01000007;
#endif

/// A file for several architectures begins with one, followed by a Slice for each.
struct Index {
    uint32_t magic, slices;
};
struct Slice {
    uint32_t cpu, cpu_subtype, offset, bytes, alignment;
};

struct Header {
    uint32_t magic, cpu, cpu_subtype, type, commands, command_bytes, flags, reserved;
};

struct Command {
    uint32_t kind, bytes;
};
constexpr uint32_t command_segment_64 = 0x19;
constexpr uint32_t command_dyld_info = 0x80000022;

/// A range of the file.
struct Part {
    uint32_t offset, bytes;
};

struct SegmentCommand {
    Command command;
    char name[16];
    uint64_t address, bytes, file_offset, file_bytes;
    uint32_t most_protection, protection, sections, flags;
};
constexpr uint32_t segment_read_only_after_fixups = 0x10;

struct Section {
    char name[16];
    char segment[16];
    uint64_t address, bytes;
    uint32_t offset, alignment, relocations, relocation_count, flags, reserved[3];
};
constexpr uint32_t section_type_mask = 0xFF;
constexpr uint32_t section_initializers = 0x9;
constexpr uint32_t section_initializer_offsets = 0x16;
constexpr uint32_t section_first_thread_local = 0x11;
constexpr uint32_t section_last_thread_local = 0x15;

struct DyldInfoCommand {
    Command command;
    Part rebase, bind, weak_bind, lazy_bind, exports;
};

static_assert(sizeof(Slice) == 20 && sizeof(Header) == 32 && sizeof(SegmentCommand) == 72);
static_assert(sizeof(Section) == 80 && sizeof(DyldInfoCommand) == 48);

/// Fix-ups are programs of these: four bits of operation, four of operand.
constexpr uint8_t operation_mask = 0xF0;
constexpr uint8_t operand_mask = 0x0F;

enum RebaseOperation : uint8_t {
    rebase_done = 0x00,
    rebase_type = 0x10,
    rebase_place = 0x20,
    rebase_skip = 0x30,
    rebase_skip_pointers = 0x40,
    rebase_few = 0x50,
    rebase_many = 0x60,
    rebase_one_and_skip = 0x70,
    rebase_many_and_skip = 0x80,
};

enum BindOperation : uint8_t {
    bind_done = 0x00,
    bind_library = 0x10,
    bind_library_number = 0x20,
    bind_special_library = 0x30,
    bind_symbol = 0x40,
    bind_type = 0x50,
    bind_place = 0x70,
    bind_skip = 0x80,
    bind_one = 0x90,
    bind_one_and_skip = 0xA0,
    bind_one_and_skip_pointers = 0xB0,
    bind_many_and_skip = 0xC0,
};
constexpr uint8_t type_pointer = 1;

} // namespace tutti::coreaudio::test::macho
