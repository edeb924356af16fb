#pragma once
#include <string>

namespace tutti::coreaudio::test {

/// What a Mac's libraries would give for a symbol (with its underscore): this program's stand-ins, or the C
/// library's function of that name. Null if there is none.
void* macho_import(const std::string& symbol);

/// Nothing that a driver gave us to call will be called any more: its code goes.
void forget_macho_work();

} // namespace tutti::coreaudio::test
