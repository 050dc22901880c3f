#include "normscope/report.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/folder_lock.h"
#include "normscope/error.h"
#include "report/figures.h"
#include "report/grid_csv.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/render.h"
#include "report/result_figures.h"
#include "report/stored_run.h"
#include "results/run_files.h"

namespace normscope {
namespace {

/// Which figures are missing, and why.
class Missing {
 public:
  void add(const std::string& figure, const std::string& reason) {
    for (auto& [known, figures] : reasons_) {
      if (known != reason) continue;
      figures += ", " + figure;
      return;
    }
    reasons_.emplace_back(reason, figure);
  }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    for (const auto& [reason, figures] : reasons_) {
      lines.push_back(fmt::format("not drawn: {}: {}", figures, reason));
    }
    return lines;
  }

 private:
  std::vector<std::pair<std::string, std::string>> reasons_;
};

struct Drawn {
  std::vector<Still> stills;
  std::vector<std::string> missing;
};

Drawn draw_figures(const std::filesystem::path& folder, const StoredRun& run, Style style,
                   const std::stop_token& stop, const std::function<void()>& one_is_done) {
  using Clock = std::chrono::steady_clock;
  // If gnuplot fails only after this long, it is not started again.
  constexpr std::chrono::seconds kPatience{5};
  Drawn drawn;
  Missing missing;
  std::string given_up = figure_problem(stop).value_or("");
  for (const FigurePlot& plot : result_plots(run, style)) {
    one_is_done();
    std::vector<FigureFile> files;
    std::string reason = given_up;
    const auto start = Clock::now();
    try {
      if (given_up.empty()) files = draw_figure(plot.name, style, plot.commands, 1, stop);
    } catch (const Error& error) {
      reason = error.what();
      if (Clock::now() - start > kPatience) given_up = reason;
    }
    if (files.empty()) {
      missing.add(plot.name, reason);
      remove_figure(folder, plot.name);
      drawn.stills.push_back({.name = plot.name, .svg = {}});
      continue;
    }
    write_figure(folder, files);
    for (FigureFile& file : files) {
      if (file.name.ends_with(".svg")) {
        drawn.stills.push_back({.name = plot.name, .svg = std::move(file.content)});
      }
    }
  }
  drawn.missing = missing.lines();
  return drawn;
}

}  // namespace

std::vector<std::string> render_report(const std::filesystem::path& folder, Style style,
                                       const std::stop_token& stop,
                                       const RenderProgress& progress) {
  std::optional<FolderLock> lock;
  // Without a folder, the error is that the results are missing.
  if (std::filesystem::is_directory(folder)) {
    lock.emplace(folder, lock_file(folder), FolderLock::Mode::exclusive);
  }
  return render_locked(folder, style, stop, progress);
}

std::vector<std::string> render_locked(const std::filesystem::path& folder, Style style,
                                       const std::stop_token& stop,
                                       const RenderProgress& progress) {
  // Reading the run, its figures (of which there may be fewer), the page.
  constexpr std::uint64_t kSteps = 7;
  std::uint64_t done = 0;
  const auto one_is_done = [&] {
    if (progress) progress(++done, kSteps);
  };
  const StoredRun run = read_run(folder, stop);
  Drawn drawn = draw_figures(folder, run, style, stop, one_is_done);
  write_atomically(folder / "grid.csv", grid_csv(run.results.study));
  write_atomically(folder / "report.md", markdown(run));
  write_atomically(folder / "report.html", page(run, drawn.stills, stop));
  if (progress) progress(kSteps, kSteps);
  return std::move(drawn.missing);
}

}  // namespace normscope
