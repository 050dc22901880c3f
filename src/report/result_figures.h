#pragma once

#include <string>
#include <vector>

#include "normscope/report.h"
#include "report/stored_run.h"

namespace normscope {

/// A figure that is still to be drawn.
struct FigurePlot {
  /// The name of its files, without the extension.
  std::string name;
  /// For draw_figure().
  std::string commands;
};

/// The figures that the run has: "figure" (the primary statistic against the length),
/// "figure-funnel", "figure-layers", "figure-probe", each if there is data for it.
std::vector<FigurePlot> result_plots(const StoredRun& run, Style style);

}  // namespace normscope
