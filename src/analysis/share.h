#pragma once

#include <cstdint>
#include <optional>

#include "normscope/analysis.h"

namespace normscope {

/// R² of a line through `sentences` points minus what a line explains by chance: the adjusted R², 1
/// - (1 - R²)(n - 1)/(n - 2), within [0, 1]. The ends of the interval are adjusted by the same
/// function. ε² is the same correction for groups. Nothing with fewer than three sentences.
std::optional<ExplainedShare> adjusted_r_squared(const Estimate& r_squared,
                                                 std::uint64_t sentences);

/// A line is a function too: what any function explains is the larger of what the line and the
/// groups explain, and likewise for the ends of the interval, which is absent if one of the two has
/// none. Nothing if the groups have no ε².
std::optional<ExplainedShare> any_function(const ExplainedShare& line,
                                           const std::optional<CorrelationRatio>& groups);

}  // namespace normscope
