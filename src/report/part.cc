#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/atomic_file.h"
#include "base/json_file.h"
#include "normscope/error.h"
#include "normscope/report.h"
#include "report/manifest_json.h"
#include "report/run_files.h"
#include "report/schema.h"

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;

nlohmann::json part_schema() {
  const nlohmann::json number{{"type", "integer"}, {"minimum", 0}};
  return {{"$defs", results_schema().at("$defs")},
          {"required", {"part", "parts", "shards", "manifest"}},
          {"properties",
           {{"part", number},
            {"parts", number},
            {"shards", number},
            {"manifest", {{"$ref", "#/$defs/manifest"}}}}}};
}

Part part_from(const std::filesystem::path& path) {
  static const nlohmann::json schema = part_schema();
  const nlohmann::json stored = read_json_object(path);
  if (const auto problem = violates(stored, schema)) {
    throw Error(path, problem->place, problem->reason + ", so it is no part of a run");
  }
  const Json json(stored);
  return {.part = json.at("part"),
          .parts = json.at("parts"),
          .shards = json.at("shards"),
          .manifest = manifest_from(json.at("manifest"))};
}

}  // namespace

void write_part(const std::filesystem::path& folder, const Part& part) {
  const Json json{{"part", part.part},
                  {"parts", part.parts},
                  {"shards", part.shards},
                  {"manifest", to_json(part.manifest)}};
  write_atomically(folder / part_file(part.part, part.parts),
                   json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
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
