#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/choices.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "normscope/comparison.h"

namespace normscope::cli {
namespace {

struct CompareChoice {
  ComparisonOptions comparison;
  bool quiet = false;
};

void compare(const CompareChoice& options) {
  const ExperimentComparison done = compare_experiments(options.comparison);
  if (!options.quiet) {
    print(fmt::format("{}\nwritten to {}\n", done.summary, done.folder.string()));
  }
  if (!done.not_drawn.empty()) {
    say(fmt::format("normscope: {}\n", done.not_drawn));
    throw Exit{kFiguresMissing};
  }
}

}  // namespace

void add_compare_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "compare", "Compare finished runs: show their numbers side by side, and the differences");
  const auto options = std::make_shared<CompareChoice>();
  command->add_option("RUN", options->comparison.folders, "The folders of the runs")
      ->required()
      ->expected(2, -1)
      ->check(problem_of_name)
      ->type_name("");
  command
      ->add_option("--out", options->comparison.folder,
                   "Folder to write into. Default: a new one, normscope-compare-RUN-RUN")
      ->check(problem_of_name)
      ->option_text("FOLDER");
  add_choice<Style>(*command, "--style", options->comparison.style,
                    {{"notebook", Style::notebook}, {"paper", Style::paper}},
                    "Style of the static figure: notebook, or paper (as wide as a paper's column). "
                    "Default: notebook");
  command->add_flag("--overwrite", options->comparison.overwrite,
                    "Replace the comparison in the folder");
  command->add_flag("--quiet", options->quiet, "Do not print the table");
  command->callback([options] { compare(*options); });
}

}  // namespace normscope::cli
