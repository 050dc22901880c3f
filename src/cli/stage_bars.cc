#include "cli/stage_bars.h"

#include <fmt/format.h>

#include <string>

#include "cli/terminal.h"

namespace normscope::cli {
namespace {

const char* task_of(Stage stage) {
  switch (stage) {
    case Stage::calibrating:
      return "finding the mean vector";
    case Stage::measuring:
      return "measuring";
    case Stage::writing:
      return "writing the table";
    case Stage::analysing:
      return "analysing";
    case Stage::reporting:
      return "reporting";
  }
  return "";
}

}  // namespace

void StageBars::show(const StageProgress& progress) {
  if (!bar_ || progress.stage != stage_) {
    stage_ = progress.stage;
    const bool sentences = stage_ == Stage::calibrating || stage_ == Stage::measuring;
    // The old bar must finish its line first.
    bar_.reset();
    bar_.emplace(task_of(stage_), quiet_,
                 sentences ? ProgressBar::Unit::sentences : ProgressBar::Unit::steps);
  }
  bar_->skip(progress.skipped);
  bar_->update(progress.done, progress.total);
}

ExperimentListener StageBars::listener() {
  return {.progress = [this](const StageProgress& progress) { show(progress); },
          .notice = [](const std::string& line) { say(fmt::format("normscope: {}\n", line)); }};
}

}  // namespace normscope::cli
