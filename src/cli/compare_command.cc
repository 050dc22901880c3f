#include "cli/compare_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/choices.h"
#include "cli/exit_status.h"
#include "cli/file_name_part.h"
#include "cli/terminal.h"
#include "experiment/comparison_folder.h"
#include "experiment/run_folder.h"
#include "report/compare_summary.h"
#include "report/run_comparison.h"

namespace normscope::cli {
namespace {

struct Options {
  std::vector<std::filesystem::path> runs;
  std::string out;
  bool overwrite = false;
  Style style = Style::notebook;
  bool quiet = false;
};

std::filesystem::path fresh_folder(const std::vector<std::filesystem::path>& runs) {
  std::string name = fmt::format("normscope-compare-{}-{}", file_name_part(run_name(runs[0])),
                                 file_name_part(run_name(runs[1])));
  if (runs.size() > 2) name += fmt::format("-and-{}-more", runs.size() - 2);
  return fresh_path(name);
}

void compare(const Options& options) {
  CompareOptions how;
  how.threads = std::max(1U, std::thread::hardware_concurrency());
  const RunComparison comparison = compare_runs(options.runs, how);
  const std::filesystem::path folder =
      options.out.empty() ? fresh_folder(options.runs) : std::filesystem::path(options.out);
  const ComparisonFolder claimed(folder, options.overwrite);
  const std::string not_drawn = write_comparison(folder, comparison, options.style);
  if (!options.quiet) {
    print(fmt::format("{}\nwritten to {}\n", compare_summary(comparison), folder.string()));
  }
  if (!not_drawn.empty()) {
    say(fmt::format("normscope: {}\n", not_drawn));
    throw Exit{kFiguresMissing};
  }
}

}  // namespace

void add_compare_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "compare", "Compare finished runs: their numbers side by side, and the differences");
  const auto options = std::make_shared<Options>();
  command->add_option("RUN", options->runs, "The folders that the runs were written into")
      ->required()
      ->expected(2, -1)
      ->check(problem_of_name)
      ->type_name("");
  command
      ->add_option("--out", options->out,
                   "Folder to write into. Default: a new one, normscope-compare-RUN-RUN")
      ->check(problem_of_name)
      ->option_text("FOLDER");
  add_choice<Style>(
      *command, "--style", options->style, {{"notebook", Style::notebook}, {"paper", Style::paper}},
      "Look of the static figure: notebook, or paper (as wide as a paper's column). Default: "
      "notebook");
  command->add_flag("--overwrite", options->overwrite,
                    "Replace the comparison that the folder holds");
  command->add_flag("--quiet", options->quiet, "Do not print the table");
  command->callback([options] { compare(*options); });
}

}  // namespace normscope::cli
