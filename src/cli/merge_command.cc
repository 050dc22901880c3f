#include <CLI/CLI.hpp>
#include <memory>
#include <stop_token>

#include "cli/choices.h"
#include "cli/commands.h"
#include "cli/outcome.h"
#include "cli/signals.h"
#include "cli/stage_bars.h"
#include "normscope/experiment.h"

namespace normscope::cli {
namespace {

struct MergeChoice {
  MergeOptions parts;
  bool quiet = false;
};

void merge(const MergeChoice& options) {
  run_until_stopped([&](const std::stop_token& stop) {
    const Experiment done = [&] {
      StageBars bars(options.quiet);
      return merge_parts(options.parts, bars.listener(), stop);
    }();
    return show_outcome(done, "merges", options.quiet);
  });
}

}  // namespace

void add_merge_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("merge", "Combine the parts of a run (run --shard I/N) into one result");
  const auto options = std::make_shared<MergeChoice>();
  command->add_option("FOLDER", options->parts.folders, "The folders of the parts")
      ->required()
      ->check(problem_of_name)
      ->type_name("");
  command
      ->add_option("--out", options->parts.folder,
                   "Folder to write into. Default: the first of these folders")
      ->check(problem_of_name)
      ->option_text("FOLDER");
  command->add_flag("--overwrite", options->parts.overwrite,
                    "Replace a finished run, or a different one, in the folder");
  command->add_flag("--quiet", options->quiet, "Print neither progress nor the summary");
  command->callback([options] { merge(*options); });
}

}  // namespace normscope::cli
