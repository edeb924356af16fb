// The library's codecs as the C ABI sees them.
#pragma once

#include "tutti/codec.h"

namespace tutti::aes67 {

// [control] L16 and L24 on the fastest kernels of this processor; chosen at the first call, never changed
// after.
const tutti_codec& l16_codec() noexcept;
const tutti_codec& l24_codec() noexcept;

} // namespace tutti::aes67
