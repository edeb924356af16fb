#include "plugin_registry.hpp"

#include "crash_report.hpp"
#include "stage.hpp"

#include <dlfcn.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>

namespace tutti {
namespace {

/// Plug-ins log from threads of their own; the engine's standard error is its log file.
void log_line(int severity, const char* code, const char* message) {
    static constexpr const char* names[] = {"info", "warning", "error"};
    std::fprintf(stderr, "%s code=%s %s\n", names[severity < 0 || severity > 2 ? 2 : severity], code,
                 message);
}

constexpr tutti_host host{sizeof(tutti_host), TUTTI_ABI, &log_line};

/// @param least size that the struct had in version 1.0 of the ABI
template <typename T>
std::optional<std::string> refuse(const T& part, const char* what, std::size_t least = sizeof(T)) {
    if (part.size < least)
        return std::string("its ") + what + " is smaller than this engine's";
    if (part.abi >> 16 != TUTTI_ABI_MAJOR) {
        return std::string("its ") + what + " was built for version " + std::to_string(part.abi >> 16) +
               " of the plug-in ABI, this engine has version " + std::to_string(TUTTI_ABI_MAJOR);
    }
    return std::nullopt;
}

std::optional<std::string> refuse_library(const tutti_plugin& plugin) {
    if (auto reason = refuse(plugin, "description"))
        return reason;
    for (uint32_t i = 0; i < plugin.codec_count; ++i) {
        const tutti_codec& codec = *plugin.codecs[i];
        if (auto reason = refuse(codec, "codec", offsetof(tutti_codec, stage)))
            return reason;
        if (codec.encoding == nullptr || codec.decode == nullptr || codec.encode == nullptr ||
            codec.bytes_per_sample < 1 || codec.bytes_per_sample > 8) {
            return "its codec is incomplete";
        }
        if (const tutti_stage* stage = stage_of(codec)) {
            if (auto reason = refuse(*stage, "stage"))
                return reason;
            if (!stage->start || !stage->stop || !stage->delay || !stage->reset || !stage->run)
                return "its stage is incomplete";
        }
    }
    for (uint32_t i = 0; i < plugin.clock_count; ++i) {
        const tutti_clock_source& clock = *plugin.clocks[i];
        if (auto reason = refuse(clock, "clock source"))
            return reason;
        if (clock.id == nullptr || clock.start == nullptr || clock.stop == nullptr)
            return "its clock source is incomplete";
    }
    return std::nullopt;
}

Problem unusable(const std::string& path, const std::string& reason) {
    return {"unsupported", "plugins", path + ": " + reason,
            "install the extension built for this version of Tutti"};
}

/// Another file at the same path, an update, is another library. One that is not there has the path alone.
std::string file_key(const std::string& path) {
    struct stat found {};
    if (stat(path.c_str(), &found) != 0)
        return path;
    return path + " " + std::to_string(found.st_dev) + " " + std::to_string(found.st_ino);
}

} // namespace

std::optional<Problem> PluginRegistry::load(const PluginPlan& plan) {
    const std::string key = file_key(plan.path);
    if (!libraries_.contains(key)) {
        crash_report::loading(plan.path.c_str());
        auto problem = open(plan.path, key);
        crash_report::loading(nullptr);
        if (problem)
            return problem;
    }
    // The plan says whose it is: an update of the library takes the place of what it was before.
    const tutti_plugin& plugin = *libraries_[key];
    if (plan.kind == "codec") {
        for (uint32_t i = 0; i < plugin.codec_count; ++i) {
            if (plan.id == plugin.codecs[i]->encoding) {
                codecs_[plan.id] = plugin.codecs[i];
                return std::nullopt;
            }
        }
    } else {
        for (uint32_t i = 0; i < plugin.clock_count; ++i) {
            if (plan.id == plugin.clocks[i]->id) {
                clocks_[plan.id] = plugin.clocks[i];
                return std::nullopt;
            }
        }
    }
    return unusable(plan.path, "has no " + plan.kind + " '" + plan.id + "'");
}

std::optional<Problem> PluginRegistry::open(const std::string& path, const std::string& key) {
    // The loader goes by names, and would hand out what it has: another file of the same name, an update,
    // needs another one. A slash more names the same file.
    const auto before = std::count_if(libraries_.begin(), libraries_.end(),
                                      [&](const auto& each) { return each.first.starts_with(path + ' '); });
    const std::string name = std::string(static_cast<std::size_t>(before), '/') + path;
    void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) {
        const char* reason = dlerror();
        return unusable(path, reason != nullptr ? reason : "cannot be loaded");
    }
    const auto entry = reinterpret_cast<tutti_plugin_entry_fn>(dlsym(library, TUTTI_PLUGIN_ENTRY));
    if (entry == nullptr)
        return unusable(path, "has no function tutti_plugin_entry");
    const tutti_plugin* plugin = entry(&host);
    if (plugin == nullptr)
        return unusable(path, "does not work with this engine");
    if (auto reason = refuse_library(*plugin))
        return unusable(path, *reason);
    crash_report::add(path);
    libraries_[key] = plugin;
    return std::nullopt;
}

const tutti_codec* PluginRegistry::codec(const std::string& encoding) const {
    const auto found = codecs_.find(encoding);
    return found == codecs_.end() ? nullptr : found->second;
}

const tutti_clock_source* PluginRegistry::clock(const std::string& id) const {
    const auto found = clocks_.find(id);
    return found == clocks_.end() ? nullptr : found->second;
}

} // namespace tutti
