#pragma once

#include <optional>
#include <span>

#include "normscope/analysis.h"

namespace normscope {

/// The least-squares line of y on x, as scikit-learn's LinearRegression finds it, with the errors
/// that Regression describes. Nothing if all of x or all of y are equal. Estimates without errors
/// if one point alone fixes the line (its leverage is 1) and, for R², with fewer than 4 points.
std::optional<Regression> fit_line(std::span<const double> x, std::span<const double> y,
                                   double r_squared_confidence = 0.95);

}  // namespace normscope
