#pragma once

#include <span>

#include "analysis/moments.h"
#include "normscope/analysis.h"

namespace normscope {

/// Below this, 1 - |r| or a part of a sum of squares is a 0 with rounding errors.
inline constexpr Real kRounding = 1e-15L;

/// A correlation r with the jackknife's error (Efron 1982) of atanh r, from the values of r without
/// each sentence in turn (NaN if undefined), and the interval by Student's t transformed back to
/// [-1, 1]. Without error and interval if degrees_of_freedom < 1 or a correlation without some
/// sentence is undefined or perfect; |r| = 1 is certain.
Estimate correlation_estimate(Real r, std::span<const Real> leave_one_out, Real degrees_of_freedom,
                              double confidence = 0.95);

/// r² from r: the interval from 0 if that of r holds 0.
Estimate squared(const Estimate& correlation);

}  // namespace normscope
