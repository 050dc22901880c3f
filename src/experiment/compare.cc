#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "experiment/comparison_folder.h"
#include "experiment/folder_name.h"
#include "experiment/run_folder.h"
#include "normscope/comparison.h"
#include "report/compare_summary.h"
#include "report/run_comparison.h"

namespace normscope {
namespace {

std::filesystem::path fresh_folder(const std::vector<std::filesystem::path>& runs) {
  std::string name = fmt::format("normscope-compare-{}-{}", folder_name_part(run_name(runs[0])),
                                 folder_name_part(run_name(runs[1])));
  if (runs.size() > 2) name += fmt::format("-and-{}-more", runs.size() - 2);
  return fresh_path(name);
}

}  // namespace

ExperimentComparison compare_experiments(const ComparisonOptions& options) {
  if (options.folders.size() < 2) throw std::invalid_argument("two runs are needed to compare");
  CompareOptions bootstrap = options.bootstrap;
  if (bootstrap.threads == 0) bootstrap.threads = std::max(1U, std::thread::hardware_concurrency());
  const RunComparison comparison = compare_runs(options.folders, bootstrap);
  ExperimentComparison result{.folder = options.folder.empty() ? fresh_folder(options.folders)
                                                               : options.folder};
  const ComparisonFolder claimed(result.folder, options.overwrite);
  result.not_drawn = write_comparison(result.folder, comparison, options.style);
  result.summary = compare_summary(comparison);
  return result;
}

}  // namespace normscope
