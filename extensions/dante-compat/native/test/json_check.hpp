// Whether a text is JSON, and no more than that.
#pragma once

#include <string_view>

namespace tutti::dante_compat::test {

bool is_json(std::string_view text);

} // namespace tutti::dante_compat::test
