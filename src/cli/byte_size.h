#pragma once

#include <cstdint>
#include <string>

namespace normscope::cli {

/// Bytes as the hub shows them: three digits and a decimal unit, such as "438 MB".
std::string byte_size(std::uint64_t bytes);

}  // namespace normscope::cli
