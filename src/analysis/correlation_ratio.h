#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "normscope/analysis.h"

namespace normscope {

/// How much of the variance of `values` their groups explain; groups[i] in [0, number of groups) is
/// the group of values[i], and no group is empty. Nothing if all values are equal.
std::optional<CorrelationRatio> correlation_ratio(std::span<const double> values,
                                                  std::span<const std::uint32_t> groups);

/// A group for each distinct value, in ascending order.
std::vector<std::uint32_t> group_by_value(std::span<const double> values);

/// At most `bins` groups of about equal size, in ascending order of the values; equal values share
/// one.
std::vector<std::uint32_t> group_into_bins(std::span<const double> values, std::uint64_t bins);

}  // namespace normscope
