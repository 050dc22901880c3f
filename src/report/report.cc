#include "normscope/report.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "files/atomic_file.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/result_figures.h"
#include "report/stored_run.h"

namespace normscope {
namespace {

std::vector<Still> stills(const std::filesystem::path& folder) {
  std::vector<Still> found;
  for (const auto& [chart, file] :
       {std::pair{"scatter", "figure.svg"}, std::pair{"funnel", "figure-funnel.svg"},
        std::pair{"layers", "figure-layers.svg"}, std::pair{"probe", "figure-probe.svg"}}) {
    std::ifstream svg(folder / file, std::ios::binary);
    if (svg) found.push_back({.chart = chart, .svg = {std::istreambuf_iterator<char>(svg), {}}});
  }
  return found;
}

/// All but figure.*.
void write_pages(const std::filesystem::path& folder, const StoredRun& run, Style style) {
  write_result_figures(folder, run, style);
  write_atomically(folder / "report.md", markdown(run));
  write_atomically(folder / "report.html", page(run, stills(folder)));
}

}  // namespace

void write_report(const std::filesystem::path& folder, Report& report) {
  const auto start = std::chrono::steady_clock::now();
  write_figures(folder, report);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  report.manifest.timings.report = taken.count();
  write_results(folder, report.manifest, report.analysis);
  write_pages(folder, read_run(folder), Style::notebook);
}

void render_report(const std::filesystem::path& folder, Style style) {
  const StoredRun run = read_run(folder);
  write_scatter(folder, run, style);
  write_pages(folder, run, style);
}

}  // namespace normscope
