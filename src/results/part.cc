#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <system_error>

#include "base/atomic_file.h"
#include "normscope/error.h"
#include "normscope/results.h"
#include "results/manifest_fields.h"
#include "results/run_files.h"
#include "results/schema.h"

namespace normscope {
namespace {

constexpr std::size_t kMostPartBytes = std::size_t{16} << 20;

Part part_from(const std::filesystem::path& path) {
  const JsonFile file(path, kMostPartBytes);
  if (const auto problem = violates(file.json(), part_schema())) {
    throw Error(path, problem->place, problem->reason + ", so it is no part of a run");
  }
  Part part;
  file.root().read(part);
  return part;
}

}  // namespace

void write_part(const std::filesystem::path& folder, const Part& part) {
  write_atomically(folder / part_file(part.part, part.parts), json_text(part, 2) + "\n");
}

std::vector<Part> read_parts(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename();
    if (is_part_file(name)) paths.push_back(entry.path());
  }
  if (error) throw Error(folder, error.message());
  std::ranges::sort(paths);
  std::vector<Part> parts;
  parts.reserve(paths.size());
  for (const auto& path : paths) parts.push_back(part_from(path));
  return parts;
}

}  // namespace normscope
