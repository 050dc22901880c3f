#pragma once

#include <vector>

#include "report/figures.h"
#include "report/run_comparison.h"

namespace normscope {

/// Runs that figure-compare.* has room for; further ones are left out of it.
inline constexpr std::size_t kMostPanels = 24;

/// figure-compare.*: one panel per run, with the funnel (mean and one standard deviation of the
/// statistic along the length) or, of few sentences, each of them, and the line, all on the same
/// axes. Statistics that have not one unit are drawn as multiples of their run's mean. Throws Error
/// as draw_figure() does.
std::vector<FigureFile> compare_figure(const RunComparison& comparison, Style style);

}  // namespace normscope
