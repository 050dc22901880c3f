#pragma once

#include <span>

#include "normscope/analysis.h"

namespace normscope {

/// The band of the values `sorted` in ascending order (not empty); `share` in (0, 1].
Band shortest_band(std::span<const double> sorted, double share);

}  // namespace normscope
