#pragma once
#include <stdexcept>
#include <string>

namespace tutti::coreaudio::test {

/// What a stand-in relies on. If it is not so, the test that uses it fails, or the program says why and ends.
inline void demand(bool is_so, const std::string& what) {
    if (!is_so)
        throw std::runtime_error(what);
}

} // namespace tutti::coreaudio::test
