#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

#include "normscope/analysis.h"

namespace normscope {

/// The bias-corrected and accelerated 95 % interval (Efron 1987) of an estimate from its bootstrap
/// replicates in ascending order and from the estimates without each sentence in turn; as SciPy's
/// bootstrap(method="BCa").
Interval bca_interval(std::span<const double> sorted_replicates, double estimate,
                      std::span<const double> leave_one_out);

/// R² of y on x; the error is the standard deviation of r² over the resamples, the interval that of
/// r squared. Nothing with fewer than four points, or if all x or all y are equal; no error
/// if a correlation without one point is undefined.
std::optional<Estimate> bootstrap_r_squared(std::span<const double> x, std::span<const double> y,
                                            std::uint32_t resamples, std::uint64_t seed,
                                            const std::stop_token& stop = {});

}  // namespace normscope
