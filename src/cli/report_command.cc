#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/choices.h"
#include "cli/commands.h"
#include "cli/progress_bar.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "normscope/report.h"

namespace normscope::cli {

void add_report_command(CLI::App& app) {
  struct Options {
    std::string run;
    Style style = Style::notebook;
    bool quiet = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "report", "Write the report and the figures of a finished run again, without the model");
  command->add_option("RUN", options->run, "The folder of the run")
      ->required()
      ->check(problem_of_name)
      ->type_name("");
  add_choice<Style>(*command, "--style", options->style,
                    {{"notebook", Style::notebook}, {"paper", Style::paper}},
                    "Style of the static figures: notebook, or paper (as wide as a paper's "
                    "column). Default: notebook");
  command->add_flag("--quiet", options->quiet, "Do not print where the report is");
  command->callback([options] {
    run_until_stopped([&](const std::stop_token& stop) {
      const std::vector<std::string> not_drawn = [&] {
        ProgressBar bar("reporting", options->quiet, ProgressBar::Unit::steps);
        return render_report(
            options->run, options->style, stop,
            [&](std::uint64_t done, std::uint64_t total) { bar.update(done, total); });
      }();
      if (!options->quiet) {
        print(fmt::format("report: {}\n",
                          (std::filesystem::path(options->run) / kReportPage).string()));
      }
      for (const std::string& line : not_drawn) say(fmt::format("normscope: {}\n", line));
      return not_drawn.empty();
    });
  });
}

}  // namespace normscope::cli
