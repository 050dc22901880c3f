#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "normscope/compare.h"
#include "normscope/report.h"
#include "report/stored_run.h"

namespace normscope {

/// A run under the name that it has beside others.
struct NamedRun {
  /// The last part of its path; where that is another run's too, with a number.
  std::string name;
  /// As it was given.
  std::filesystem::path path;
  StoredRun run;
};

/// Finished runs side by side: the first statistic of each against its first property.
struct RunComparison {
  std::vector<NamedRun> runs;
  Comparison comparison;
  /// What the runs differ in that the numbers do not tell, one sentence each. They may hold names
  /// out of the runs, and so any characters.
  std::vector<std::string> notes;
};

/// Whether the norms are of one model and one statistic, and so of one scale.
bool same_units(std::span<const NamedRun> runs);

/// The last part of a run's path, whatever its spelling.
std::string run_name(const std::filesystem::path& folder);

/// Reads the runs, two at least. Throws Error as read_run() does, and where a table's indices do
/// not rise or a number is not finite.
RunComparison compare_runs(std::span<const std::filesystem::path> folders,
                           const CompareOptions& options);

/// Writes compare.json (results/compare.schema.json), compare.md and figure-compare.{png,svg,pdf}
/// into `folder`, each whole or not at all. Where gnuplot does not draw the figure it is left out,
/// with its old files, and what is returned says why; empty if it is there. Throws Error.
std::string write_comparison(const std::filesystem::path& folder, const RunComparison& comparison,
                             Style style);

}  // namespace normscope
