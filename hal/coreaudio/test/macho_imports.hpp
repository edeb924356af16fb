#pragma once
#include "serial_queue.hpp"

#include <map>
#include <string>

namespace tutti::coreaudio::test {

/// Names as a Mac writes them, with the underscore that C names get there.
using Symbols = std::map<std::string, void*>;

/// What a Mac's libraries would give for a symbol: this program's stand-in, or the C library's function of
/// that name, if it means the same on both systems. Null if there is none.
void* macho_import(const std::string& symbol);

/// The queue on which all of the driver's link runs; a driver makes no more than one.
SerialQueue& link_queue();
/// Nothing that a driver gave us to call will be called any more: its code goes.
void end_macho_work();

template <typename Function> void* address_of_function(Function* function) {
    return reinterpret_cast<void*>(function);
}

} // namespace tutti::coreaudio::test
