#pragma once

#include <cstdint>

#include "normscope/analysis.h"

namespace normscope {

/// hits <= count, count > 0.
Proportion proportion(std::uint64_t hits, std::uint64_t count);

}  // namespace normscope
