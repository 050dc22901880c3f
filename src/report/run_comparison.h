#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "normscope/compare.h"
#include "normscope/report.h"
#include "report/stored_run.h"

namespace normscope {

/// A run with its name in the comparison.
struct NamedRun {
  /// The last part of its path; with a number if another run has the same one.
  std::string name;
  /// As it was given.
  std::filesystem::path path;
  StoredRun run;
};

/// Finished runs side by side: the first statistic of each against its first property.
struct RunComparison {
  std::vector<NamedRun> runs;
  Comparison comparison;
  /// Differences between the runs that the numbers do not show, one sentence each. They may hold
  /// names from the runs, and so any characters.
  std::vector<std::string> notes;
};

/// Whether the norms are of one model and one statistic, and so on one scale.
bool same_units(std::span<const NamedRun> runs);

/// The last part of a run's path, whatever its spelling.
std::string run_name(const std::filesystem::path& folder);

/// Reads at least two runs. Throws Error as read_run() does, and if a table's indices do not ascend
/// or a number is not finite.
RunComparison compare_runs(std::span<const std::filesystem::path> folders,
                           const CompareOptions& options);

/// Writes compare.json (results/compare.schema.json), compare.md and figure-compare.{png,svg,pdf}
/// into `folder`, each whole or not at all. If gnuplot does not draw the figure, it is left out,
/// its old files are removed, and the returned text says why; empty otherwise. Throws Error.
std::string write_comparison(const std::filesystem::path& folder, const RunComparison& comparison,
                             Style style);

}  // namespace normscope
