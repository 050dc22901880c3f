#include "report/run_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "normscope/measure.h"

namespace normscope {
namespace {

constexpr std::string_view kBeforePoint = "vectors.";
constexpr std::string_view kAfterPoint = ".npy";

}  // namespace

std::string vectors_file(const ReadoutPoint& point) {
  return fmt::format("{}{}{}", kBeforePoint, name(point), kAfterPoint);
}

std::vector<std::string> run_files(std::span<const ReadoutPoint> saved) {
  std::vector<std::string> files{kResultsFile, kPageFile, "report.md", "grid.csv",
                                 kMeasurementsFile};
  for (const char* figure : {"figure", "figure-funnel", "figure-layers", "figure-probe"}) {
    for (const char* extension : {"png", "svg", "pdf"}) {
      files.push_back(fmt::format("{}.{}", figure, extension));
    }
  }
  if (saved.empty()) return files;
  files.emplace_back(kVectorsFile);
  for (const ReadoutPoint& point : saved) files.push_back(vectors_file(point));
  return files;
}

bool is_run_file(std::string_view name) {
  const std::vector<std::string> fixed = run_files({});
  if (name == kVectorsFile || std::ranges::find(fixed, name) != fixed.end()) return true;
  if (!name.starts_with(kBeforePoint) || !name.ends_with(kAfterPoint) ||
      name.size() < kBeforePoint.size() + kAfterPoint.size()) {
    return false;
  }
  name.remove_prefix(kBeforePoint.size());
  name.remove_suffix(kAfterPoint.size());
  try {
    (void)point_named(name);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

}  // namespace normscope
