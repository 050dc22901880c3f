#include "cli/outcome.h"

#include <fmt/format.h>

#include <string>

#include "cli/terminal.h"
#include "normscope/report.h"

namespace normscope::cli {
namespace {

// Says so if a finished run has no figures, because it was made without gnuplot.
bool has_figures(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder / "figure.png")) return true;
  say(fmt::format("normscope: its figures are missing; normscope report {} draws them\n",
                  folder.string()));
  return false;
}

std::string text_of(const Experiment& experiment) {
  const Results& results = *experiment.results;
  std::string text = summary(results) + "\n";
  const std::string chart =
      funnel_chart(results.manifest, experiment.property, experiment.statistic);
  if (!chart.empty()) text += chart + "\n";
  if (experiment.not_drawn.empty()) {
    text += fmt::format("figure: {}\n", (experiment.folder / "figure.png").string());
  }
  return text + fmt::format("report: {}\n", (experiment.folder / kReportPage).string());
}

}  // namespace

bool show_outcome(const Experiment& experiment, std::string_view verb, bool quiet) {
  const std::string folder = experiment.folder.string();
  switch (experiment.outcome) {
    case Experiment::Outcome::was_finished:
      if (!quiet) {
        print(fmt::format("{} holds this run already, finished: {} (--overwrite {} it again)\n",
                          folder, (experiment.folder / kReportPage).string(), verb));
      }
      return has_figures(experiment.folder);
    case Experiment::Outcome::part_measured:
      if (!quiet) {
        print(fmt::format("part {} of {} is measured; when all are: normscope merge {}\n",
                          experiment.part.part + 1, experiment.part.parts, folder));
      }
      return true;
    case Experiment::Outcome::finished:
      break;
  }
  if (!quiet) print(text_of(experiment));
  for (const std::string& line : experiment.not_drawn) say(fmt::format("normscope: {}\n", line));
  return experiment.not_drawn.empty();
}

}  // namespace normscope::cli
