#pragma once

#include <span>

#include "normscope/analysis.h"

namespace normscope {

/// `sorted` is in ascending order and not empty.
Distribution describe(std::span<const double> sorted);

/// The quantile of `probability` in [0, 1]; `sorted` as above.
double quantile(std::span<const double> sorted, double probability);

}  // namespace normscope
