#pragma once

#include <optional>
#include <span>

#include "normscope/analysis.h"

namespace normscope {

/// `magnitude`: of the numbers that the values were computed from, if it is not the mean of the
/// values. `precision`: the relative error of such a number. Values whose standard deviation is no
/// larger than the product of the two differ only by rounding. Without values, all is 0.
Spread spread_of(std::span<const double> values, std::optional<double> magnitude, double precision);

}  // namespace normscope
