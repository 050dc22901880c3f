#include "normscope/report.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "files/atomic_file.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/result_figures.h"
#include "report/stored_run.h"

namespace normscope {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// All but figure.*, which is there already.
void write_pages(const std::filesystem::path& folder, const StoredRun& run, Style style) {
  std::vector<Still> stills{{.name = "figure", .svg = content_of(folder / "figure.svg")}};
  for (const std::string& name : write_result_figures(folder, run, style)) {
    stills.push_back({.name = name, .svg = content_of(folder / (name + ".svg"))});
  }
  write_atomically(folder / "report.md", markdown(run));
  write_atomically(folder / "report.html", page(run, stills));
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
