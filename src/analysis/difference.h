#pragma once

#include <vector>

#include "normscope/compare.h"

namespace normscope {

/// `second` minus `first`, which come from different sentences: the method of variance estimates
/// recovery (Zou 2007), lower end d - √((s - s_low)² + (f_high - f)²) and likewise the upper end,
/// which keeps the asymmetry of the two intervals. Without error, interval and p-value if one of
/// the two has none.
Difference independent_difference(const Estimate& first, const Estimate& second);

/// A difference with this value and these resamples. Without error, interval and p-value if one of
/// the resamples is NaN: too few sentences vary.
Difference resampled_difference(double value, std::vector<double> resamples);

}  // namespace normscope
