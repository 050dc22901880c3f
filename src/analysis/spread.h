#pragma once

#include <optional>
#include <span>

#include "normscope/analysis.h"

namespace normscope {

/// `magnitude`: of the numbers that these were computed from, where it is not their own mean's.
/// `precision`: the relative error that is left in such a number. Values whose standard deviation
/// is no larger than the product of the two differ by rounding alone. All is 0 of no values.
Spread spread_of(std::span<const double> values, std::optional<double> magnitude, double precision);

}  // namespace normscope
