#include "normscope/report.h"

#include <chrono>

namespace normscope {

void write_report(const std::filesystem::path& folder, Report& report) {
  const auto start = std::chrono::steady_clock::now();
  write_figures(folder, report);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  report.manifest.timings.report = taken.count();
  write_results(folder, report.manifest, report.analysis);
}

}  // namespace normscope
