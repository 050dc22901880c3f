#pragma once

#include <vector>

#include "report/figures.h"
#include "report/run_comparison.h"

namespace normscope {

/// How many runs figure-compare.* has room for; further ones are left out.
inline constexpr std::size_t kMostPanels = 24;

/// figure-compare.*: one panel per run, with the funnel (mean and one standard deviation of the
/// statistic along the length), or the sentences themselves if they are few, and the line, all on
/// the same axes. Statistics of different units are drawn as multiples of their run's mean. Throws
/// Error as draw_figure() does.
std::vector<FigureFile> compare_figure(const RunComparison& comparison, Style style);

}  // namespace normscope
