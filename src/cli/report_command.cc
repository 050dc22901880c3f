#include "cli/report_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/stoppable.h"
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
      "report", "Write a finished run's report and figures again, without the model");
  command->add_option("run", options->run, "The folder that the run was written into")->required();
  command
      ->add_option("--style", options->style,
                   "How the static figures look: notebook, or paper (a column's width) [notebook]")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Style>{{"notebook", Style::notebook}, {"paper", Style::paper}}))
      ->option_text("NAME");
  command->add_flag("--quiet", options->quiet, "Do not say where the report is");
  command->callback([options] {
    run_until_stopped([&](const std::stop_token& stop) {
      const std::vector<std::string> not_drawn = render_report(options->run, options->style, stop);
      if (!options->quiet) {
        fmt::print("report: {}\n", (std::filesystem::path(options->run) / "report.html").string());
      }
      for (const std::string& line : not_drawn) fmt::print(stderr, "normscope: {}\n", line);
      return not_drawn.empty();
    });
  });
}

}  // namespace normscope::cli
