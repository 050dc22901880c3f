#pragma once

#include <memory>
#include <optional>

#include "cli/progress_bar.h"
#include "normscope/experiment.h"

namespace normscope::cli {

/// A progress bar for each stage of an experiment, and its notices, on standard error.
class StageBars {
 public:
  explicit StageBars(bool quiet) : quiet_(quiet) {}

  void show(const StageProgress& progress);
  /// A listener that refers to these bars.
  [[nodiscard]] ExperimentListener listener();

 private:
  bool quiet_;
  Stage stage_ = Stage::calibrating;
  std::optional<ProgressBar> bar_;
};

}  // namespace normscope::cli
