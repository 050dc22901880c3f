#pragma once

#include <filesystem>

#include "report/run_comparison.h"

namespace normscope {

/// Runs that figure-compare.* has room for; further ones are left out of it.
inline constexpr std::size_t kMostPanels = 24;

/// figure-compare.*: a panel a run, with the funnel (mean and one standard deviation of the norm
/// along the length) and the line, all on the same axes. Norms that have not one unit are drawn as
/// multiples of their run's mean.
void write_compare_figure(const std::filesystem::path& folder, const RunComparison& comparison,
                          Style style);

}  // namespace normscope
