#include "results/run_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "normscope/measure.h"
#include "normscope/results.h"

namespace normscope {
namespace {

constexpr std::string_view kBeforePoint = "vectors.";
constexpr std::string_view kAfterPoint = ".npy";
constexpr std::string_view kBeforePart = "part-";

/// Removes a number from the front of `text`, which must then begin with `rest`.
bool take_number(std::string_view& text, std::string_view rest) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  if (digits == 0 || !text.starts_with(rest)) return false;
  text.remove_prefix(rest.size());
  return true;
}

}  // namespace

std::filesystem::path lock_file(const std::filesystem::path& folder) {
  return folder / ".normscope.lock";
}

std::string vectors_file(const ReadoutPoint& point) {
  return fmt::format("{}{}{}", kBeforePoint, name(point), kAfterPoint);
}

std::vector<std::string> run_files(std::span<const ReadoutPoint> saved, const RunFigures& figures) {
  std::vector<std::string> files{kResultsFile, kReportPage, "report.md", "grid.csv",
                                 kMeasurementsFile};
  std::vector<const char*> names{"figure", "figure-funnel"};
  if (figures.layers) names.push_back("figure-layers");
  if (figures.probe) names.push_back("figure-probe");
  for (const char* figure : names) {
    for (const char* extension : {"png", "svg", "pdf"}) {
      files.push_back(fmt::format("{}.{}", figure, extension));
    }
  }
  if (saved.empty()) return files;
  files.emplace_back(kVectorsFile);
  for (const ReadoutPoint& point : saved) files.push_back(vectors_file(point));
  return files;
}

std::string part_file(std::uint64_t part, std::uint64_t parts) {
  return fmt::format("{}{}-of-{}.json", kBeforePart, part + 1, parts);
}

bool is_part_file(std::string_view name) {
  if (!name.starts_with(kBeforePart)) return false;
  name.remove_prefix(kBeforePart.size());
  return take_number(name, "-of-") && take_number(name, ".json") && name.empty();
}

bool is_run_file(std::string_view name) {
  const std::vector<std::string> fixed = run_files({}, {.layers = true, .probe = true});
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
