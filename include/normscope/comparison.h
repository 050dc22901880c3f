// What `normscope compare` does, as a call: finished runs side by side.
//
//     const auto compared = normscope::compare_experiments({.folders = {"first", "second"}});
//     std::cout << compared.summary;
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "normscope/compare.h"
#include "normscope/export.h"
#include "normscope/report.h"

namespace normscope {

struct ComparisonOptions {
  /// The folders of at least two finished runs.
  std::vector<std::filesystem::path> folders = {};
  /// Where compare.json, compare.md and the figure are written. Empty: a new folder in the current
  /// one, named after the runs.
  std::filesystem::path folder = {};
  /// Replaces a comparison that the folder holds.
  bool overwrite = false;
  Style style = Style::notebook;
  /// Seed, resamples and threads of the bootstrap; 0 threads: one for each core.
  CompareOptions bootstrap{.threads = 0};
};

struct ExperimentComparison {
  std::filesystem::path folder = {};
  /// For the terminal: the runs, their numbers and differences, in blocks of at most 100 columns.
  std::string summary = {};
  /// Why the figure is missing; empty if it was drawn.
  std::string not_drawn = {};
};

/// Compares the primary statistic of each run against its primary property. Throws Error if a
/// folder holds no finished run, or the comparison's is not free.
NORMSCOPE_EXPORT ExperimentComparison compare_experiments(const ComparisonOptions& options);

}  // namespace normscope
