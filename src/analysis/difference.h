#pragma once

#include <vector>

#include "normscope/compare.h"

namespace normscope {

/// `second` less `first`, from other sentences: the method of variance estimates recovery (Zou
/// 2007), lower end d - √((s - s_low)² + (f_high - f)²) and upper end alike, which keeps the
/// asymmetry of the two intervals. Without error, interval and p-value where one has none.
Difference independent_difference(const Estimate& first, const Estimate& second);

/// A difference of this value, with its resamples. Without error, interval and p-value where one of
/// them is NaN: too few sentences vary.
Difference resampled_difference(double value, std::vector<double> resamples);

}  // namespace normscope
