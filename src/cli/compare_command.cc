#include "cli/compare_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "cli/file_name_part.h"
#include "cli/stoppable.h"
#include "experiment/run_folder.h"
#include "report/compare_summary.h"
#include "report/run_comparison.h"

namespace normscope::cli {
namespace {

struct Options {
  std::vector<std::filesystem::path> runs;
  std::string out;
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
  const bool made = make_writable_folder(folder);
  std::string not_drawn;
  try {
    not_drawn = write_comparison(folder, comparison, options.style);
  } catch (...) {
    std::error_code ignored;
    if (made) std::filesystem::remove(folder, ignored);
    throw;
  }
  if (!options.quiet) {
    fmt::print("{}\nwritten to {}\n", compare_summary(comparison), folder.string());
  }
  if (!not_drawn.empty()) {
    fmt::print(stderr, "normscope: {}\n", not_drawn);
    throw FiguresMissing();
  }
}

}  // namespace

void add_compare_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "compare", "Set finished runs side by side: their numbers, and the differences");
  const auto options = std::make_shared<Options>();
  command->add_option("runs", options->runs, "The folders that the runs were written into")
      ->required()
      ->expected(2, -1);
  command
      ->add_option("--out", options->out,
                   "Folder to write into [a fresh one, normscope-compare-RUN-RUN]")
      ->option_text("FOLDER");
  command
      ->add_option("--style", options->style,
                   "How the static figure looks: notebook, or paper (a column's width) [notebook]")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Style>{{"notebook", Style::notebook}, {"paper", Style::paper}}))
      ->option_text("NAME");
  command->add_flag("--quiet", options->quiet, "No table");
  command->callback([options] { compare(*options); });
}

}  // namespace normscope::cli
