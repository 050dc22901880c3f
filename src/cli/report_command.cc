#include "cli/report_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

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
    for (const std::string& missing : render_report(options->run, options->style)) {
      fmt::print(stderr, "normscope: {}\n", missing);
    }
    if (!options->quiet) {
      fmt::print("report: {}\n", (std::filesystem::path(options->run) / "report.html").string());
    }
  });
}

}  // namespace normscope::cli
