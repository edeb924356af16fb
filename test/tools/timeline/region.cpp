#include "region.hpp"

#include <utility>

namespace tutti::tools {

bool Region::follow() {
    if (!mapping_ || mapping_.retired()) {
        hal::RegionMapping fresh;
        if (fresh.open(path_))
            return false;
        mapping_ = std::move(fresh);
        clock_ = {};
        ++opened_;
    }
    return clock_.refresh(mapping_);
}

} // namespace tutti::tools
