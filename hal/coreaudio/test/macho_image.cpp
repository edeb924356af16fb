#include "macho_image.hpp"

#include "demand.hpp"
#include "macho_imports.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

namespace tutti::coreaudio::test {
namespace {

constexpr uint64_t pointer_bytes = 8;

uint32_t from_big_endian(uint32_t value) {
    return __builtin_bswap32(value);
}

/// Reads a range of the file from its beginning, never beyond its end.
class ByteReader {
  public:
    ByteReader(const std::vector<unsigned char>& file, const macho::Part& part) {
        demand(uint64_t{part.offset} + part.bytes <= file.size(), "a part lies outside the file");
        begin_ = file.data() + part.offset;
        at_ = begin_;
        end_ = begin_ + part.bytes;
    }

    [[nodiscard]] bool at_end() const { return at_ == end_; }

    void go_to(uint64_t offset) {
        demand(offset < static_cast<uint64_t>(end_ - begin_), "an offset lies outside its part");
        at_ = begin_ + offset;
    }

    unsigned char byte() {
        demand(at_ < end_, "a part ends too early");
        return *at_++;
    }

    /// A number of seven bits a byte, the lowest first.
    uint64_t number() {
        uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const unsigned char next = byte();
            value |= static_cast<uint64_t>(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
                return value;
        }
        demand(false, "a number has no end");
        return 0;
    }

    std::string text() {
        std::string value;
        while (const unsigned char next = byte())
            value.push_back(static_cast<char>(next));
        return value;
    }

  private:
    const unsigned char* begin_;
    const unsigned char* at_;
    const unsigned char* end_;
};

} // namespace

MachOImage::MachOImage(const std::string& path) {
    read(path);
    read_commands();
    map();
    try {
        rebase();
        bind(fixups_.bind, false);
        bind(fixups_.lazy_bind, true);
        protect();
        factory_ = reinterpret_cast<Factory>(find_export("_TuttiDriverFactory"));
        demand(factory_ != nullptr, path + " exports no factory");
    } catch (...) {
        unmap();
        throw;
    }
}

MachOImage::~MachOImage() {
    end_macho_work();
    unmap();
}

template <typename T> T MachOImage::at(uint64_t offset) const {
    demand(offset + sizeof(T) <= file_.size(), "the file is too short");
    T value;
    std::memcpy(&value, file_.data() + offset, sizeof(T));
    return value;
}

/// The whole file, then only our architecture's part of it.
void MachOImage::read(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    file_.assign(std::istreambuf_iterator<char>(stream), {});
    demand(!file_.empty(), path + " cannot be read");
    const auto index = at<macho::Index>(0);
    if (from_big_endian(index.magic) != macho::index_magic)
        return;
    for (uint32_t i = 0; i < from_big_endian(index.slices); ++i) {
        const auto slice = at<macho::Slice>(sizeof(index) + i * sizeof(macho::Slice));
        if (from_big_endian(slice.cpu) != macho::our_cpu)
            continue;
        const uint64_t offset = from_big_endian(slice.offset);
        const uint64_t bytes = from_big_endian(slice.bytes);
        demand(offset + bytes <= file_.size(), path + " is too short");
        const auto begin = file_.begin() + static_cast<std::ptrdiff_t>(offset);
        file_ = std::vector<unsigned char>(begin, begin + static_cast<std::ptrdiff_t>(bytes));
        return;
    }
    demand(false, path + " is not for this machine's architecture");
}

void MachOImage::read_commands() {
    const auto header = at<macho::Header>(0);
    demand(header.magic == macho::magic_64 && header.type == macho::type_bundle, "this is no bundle");
    demand(header.cpu == macho::our_cpu, "the bundle is for another architecture");
    uint64_t offset = sizeof(header);
    for (uint32_t i = 0; i < header.commands; ++i) {
        const auto command = at<macho::Command>(offset);
        if (command.kind == macho::command_segment_64) {
            segments_.push_back(at<macho::SegmentCommand>(offset));
            for (uint32_t s = 0; s < segments_.back().sections; ++s) {
                const auto section =
                    at<macho::Section>(offset + sizeof(macho::SegmentCommand) + s * sizeof(macho::Section));
                const uint32_t type = section.flags & macho::section_type_mask;
                demand(type != macho::section_initializers && type != macho::section_initializer_offsets,
                       "the bundle runs code when it is loaded");
                demand(type < macho::section_first_thread_local || type > macho::section_last_thread_local,
                       "the bundle has thread-local data");
            }
        } else if (command.kind == macho::command_dyld_info) {
            fixups_ = at<macho::DyldInfoCommand>(offset);
        }
        demand(command.bytes >= sizeof(command), "a load command has no length");
        offset += command.bytes;
    }
    demand(fixups_.command.bytes != 0, "the bundle has no LC_DYLD_INFO");
    demand(fixups_.weak_bind.bytes == 0, "the bundle shares symbols with others");
    demand(!segments_.empty(), "the bundle has no segment");
}

/// One range for all segments: they refer to each other by distance.
void MachOImage::map() {
    first_address_ = segments_.front().address;
    uint64_t end = 0;
    for (const macho::SegmentCommand& segment : segments_) {
        demand(segment.address >= first_address_ && segment.file_bytes <= segment.bytes &&
                   segment.file_offset + segment.file_bytes <= file_.size(),
               "a segment is not sound");
        end = std::max(end, segment.address + segment.bytes);
    }
    memory_bytes_ = end - first_address_;
    void* memory = mmap(nullptr, memory_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    demand(memory != MAP_FAILED, "there is no memory for the bundle");
    memory_ = static_cast<unsigned char*>(memory);
    for (const macho::SegmentCommand& segment : segments_)
        std::memcpy(address_of(segment.address), file_.data() + segment.file_offset, segment.file_bytes);
}

void MachOImage::unmap() noexcept {
    munmap(memory_, memory_bytes_);
}

unsigned char* MachOImage::address_of(uint64_t address) const {
    return memory_ + (address - first_address_);
}

unsigned char* MachOImage::pointer_at(const Place& place) const {
    demand(place.segment < segments_.size(), "a fix-up names no segment");
    const macho::SegmentCommand& segment = segments_[place.segment];
    demand(place.offset < segment.bytes && place.offset + pointer_bytes <= segment.bytes,
           "a fix-up lies outside its segment");
    return address_of(segment.address + place.offset);
}

/// Moves the pointers that were written for the bundle's own addresses to where it lies.
void MachOImage::rebase() {
    ByteReader program(file_, fixups_.rebase);
    Place place;
    const auto move = [&](uint64_t count, uint64_t skip) {
        for (uint64_t i = 0; i < count; ++i, place.offset += pointer_bytes + skip) {
            uint64_t pointer = 0;
            std::memcpy(&pointer, pointer_at(place), sizeof(pointer));
            const auto moved = reinterpret_cast<uint64_t>(address_of(pointer));
            std::memcpy(pointer_at(place), &moved, sizeof(moved));
        }
    };
    while (!program.at_end()) {
        const unsigned char next = program.byte();
        const uint64_t operand = next & macho::operand_mask;
        switch (next & macho::operation_mask) {
        case macho::rebase_done:
            return;
        case macho::rebase_type:
            demand(operand == macho::type_pointer, "only pointers can be moved");
            break;
        case macho::rebase_place:
            place = {operand, program.number()};
            break;
        case macho::rebase_skip:
            place.offset += program.number();
            break;
        case macho::rebase_skip_pointers:
            place.offset += operand * pointer_bytes;
            break;
        case macho::rebase_few:
            move(operand, 0);
            break;
        case macho::rebase_many:
            move(program.number(), 0);
            break;
        case macho::rebase_one_and_skip:
            move(1, program.number());
            break;
        case macho::rebase_many_and_skip: {
            const uint64_t count = program.number();
            move(count, program.number());
            break;
        }
        default:
            demand(false, "an unknown operation moves pointers");
        }
    }
}

/// Puts the addresses of imported symbols where the code looks for them. Those that a Mac looks up at their
/// first use are looked up at once: each of them is a program of its own, ended by `bind_done`.
void MachOImage::bind(const macho::Part& part, bool lazy) {
    ByteReader program(file_, part);
    Place place;
    std::string symbol;
    const auto put = [&](uint64_t count, uint64_t skip) {
        void* const found = macho_import(symbol);
        demand(found != nullptr, "nothing stands in for " + symbol);
        for (uint64_t i = 0; i < count; ++i, place.offset += pointer_bytes + skip)
            std::memcpy(pointer_at(place), &found, sizeof(found));
    };
    while (!program.at_end()) {
        const unsigned char next = program.byte();
        const uint64_t operand = next & macho::operand_mask;
        switch (next & macho::operation_mask) {
        case macho::bind_done:
            if (!lazy)
                return;
            break;
        case macho::bind_library: // one name, one meaning: which library has it does not matter
        case macho::bind_special_library:
            break;
        case macho::bind_library_number:
            program.number();
            break;
        case macho::bind_symbol:
            symbol = program.text();
            break;
        case macho::bind_type:
            demand(operand == macho::type_pointer, "only pointers can be bound");
            break;
        case macho::bind_place:
            place = {operand, program.number()};
            break;
        case macho::bind_skip:
            place.offset += program.number();
            break;
        case macho::bind_one:
            put(1, 0);
            break;
        case macho::bind_one_and_skip:
            put(1, program.number());
            break;
        case macho::bind_one_and_skip_pointers:
            put(1, operand * pointer_bytes);
            break;
        case macho::bind_many_and_skip: {
            const uint64_t count = program.number();
            put(count, program.number());
            break;
        }
        default: // addends too: the driver has none
            demand(false, "an unknown operation binds symbols");
        }
    }
}

/// The protections of the file are mmap's own numbers. Code stays unwritable, as on a Mac.
void MachOImage::protect() {
    for (const macho::SegmentCommand& segment : segments_) {
        const bool fixed = (segment.flags & macho::segment_read_only_after_fixups) != 0;
        const int protection = fixed ? PROT_READ : static_cast<int>(segment.protection);
        unsigned char* const begin = address_of(segment.address);
        demand(mprotect(begin, segment.bytes, protection) == 0, "a segment cannot be protected");
        if ((protection & PROT_EXEC) != 0)
            __builtin___clear_cache(reinterpret_cast<char*>(begin),
                                    reinterpret_cast<char*>(begin + segment.bytes));
    }
}

/// As dlsym does it: the exports are a tree whose edges are pieces of names.
void* MachOImage::find_export(const std::string& name) const {
    ByteReader tree(file_, fixups_.exports);
    std::size_t known = 0;
    for (;;) {
        const uint64_t node_bytes = tree.number();
        if (known == name.size()) {
            if (node_bytes == 0)
                return nullptr;
            demand(tree.number() == 0, name + " is no ordinary symbol");
            return address_of(first_address_ + tree.number());
        }
        for (uint64_t i = 0; i < node_bytes; ++i)
            tree.byte();
        bool found = false;
        for (unsigned children = tree.byte(); children > 0 && !found; --children) {
            const std::string edge = tree.text();
            const uint64_t child = tree.number();
            found = name.compare(known, edge.size(), edge) == 0;
            if (!found)
                continue;
            known += edge.size();
            tree.go_to(child);
        }
        if (!found)
            return nullptr;
    }
}

} // namespace tutti::coreaudio::test
