#pragma once

#include <span>
#include <string>
#include <string_view>

namespace normscope {

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);

/// The numbers as little-endian float32; one that is not finite, or is out of float32's range,
/// becomes NaN.
std::string base64_float32(std::span<const double> numbers);

}  // namespace normscope
