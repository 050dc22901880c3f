#pragma once

#include <optional>
#include <span>
#include <stop_token>

#include "analysis/neighbours.h"
#include "normscope/relation.h"

namespace normscope {

/// Spearman's rho (1904): Pearson's correlation of the ranks, equal numbers sharing their mean
/// rank. p-value by Student's t, as SciPy's spearmanr. `points` are neighbours(x, y). Nothing if
/// all x or all y are equal.
std::optional<RankCorrelation> spearman(std::span<const double> x, std::span<const double> y,
                                        std::span<const Neighbours> points,
                                        const std::stop_token& stop = {});

/// Kendall's tau-b (1945). p-value by the normal approximation with ties, as SciPy's
/// kendalltau(method="asymptotic").
std::optional<RankCorrelation> kendall(std::span<const Neighbours> points);

}  // namespace normscope
