#include "plugin_library.hpp"

#include <dlfcn.h>

#include <cstddef>
#include <cstdio>
#include <stdexcept>

namespace tutti::test {
namespace {

void log(int severity, const char* code, const char* message) {
    std::fprintf(stderr, "%d %s %s\n", severity, code, message);
}

const tutti_host host = {sizeof(tutti_host), TUTTI_ABI, log};

// `least`: the size that the struct had in version 1.0 of the ABI.
template <class Table>
void check_table(const Table& table, const std::string& what, size_t least = sizeof(Table)) {
    if (table.size < least)
        throw std::runtime_error(what + ": its size is " + std::to_string(table.size) +
                                 ", the struct of this ABI has " + std::to_string(least));
    if (table.abi >> 16 != TUTTI_ABI_MAJOR)
        throw std::runtime_error(what + ": it is of ABI " + std::to_string(table.abi >> 16) + ", not " +
                                 std::to_string(TUTTI_ABI_MAJOR));
}

} // namespace

PluginLibrary::PluginLibrary(const std::string& path) {
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library)
        throw std::runtime_error(dlerror());
    const auto entry = reinterpret_cast<tutti_plugin_entry_fn>(dlsym(library, TUTTI_PLUGIN_ENTRY));
    if (!entry)
        throw std::runtime_error(path + " exports no symbol " TUTTI_PLUGIN_ENTRY);
    tutti_host another = host;
    another.abi = (TUTTI_ABI_MAJOR + 1) << 16;
    if (entry(&another))
        throw std::runtime_error(path + " accepts an engine of another major ABI");
    plugin_ = entry(&host);
    if (!plugin_)
        throw std::runtime_error(path + " refuses this engine");
    check_table(*plugin_, "the plug-in's table");
}

const tutti_codec& PluginLibrary::codec(const std::string& encoding) const {
    for (uint32_t i = 0; i < plugin_->codec_count; ++i) {
        const tutti_codec& codec = *plugin_->codecs[i];
        if (encoding != codec.encoding)
            continue;
        check_table(codec, "codec " + encoding, offsetof(tutti_codec, stage));
        if (!codec.decode || !codec.encode || codec.bytes_per_sample == 0)
            throw std::runtime_error("codec " + encoding + ": decode, encode or bytes_per_sample is missing");
        return codec;
    }
    throw std::runtime_error("the library has no codec " + encoding);
}

const tutti_clock_source& PluginLibrary::clock(const std::string& id) const {
    for (uint32_t i = 0; i < plugin_->clock_count; ++i) {
        const tutti_clock_source& clock = *plugin_->clocks[i];
        if (id != clock.id)
            continue;
        check_table(clock, "clock " + id);
        if (!clock.start || !clock.stop)
            throw std::runtime_error("clock " + id + ": start or stop is missing");
        return clock;
    }
    throw std::runtime_error("the library has no clock " + id);
}

} // namespace tutti::test
