#pragma once

#include <optional>
#include <span>
#include <vector>

#include "normscope/relation.h"

namespace normscope {

/// The rule for "property < short_below", learned from the rows with learn[i] and judged on the
/// others. Nothing if the learning rows do not hold both short and long ones, or no row is left to
/// judge.
std::optional<ThresholdRule> threshold_rule(std::span<const double> property,
                                            std::span<const double> statistic,
                                            const std::vector<bool>& learn, double short_below);

/// Area under the ROC curve: the chance that a positive scores above a negative, ties half (Mann
/// and Whitney 1947). Error by DeLong et al. 1988 from midranks (Sun and Xu 2014); the interval is
/// the normal one on the logit scale. Without error if the area is 0 or 1 or a class has fewer
/// than two scores; neither may be empty.
Estimate area_under_roc(std::span<const double> positives, std::span<const double> negatives);

}  // namespace normscope
