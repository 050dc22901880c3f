#include "results/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/atomic_file.h"
#include "normscope/error.h"
#include "results/results_fields.h"
#include "results/run_files.h"
#include "results/schema.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

/// At most this many bytes of results.json are read.
constexpr std::size_t kMostBytes = std::size_t{256} << 20;

void check_version(const std::filesystem::path& path, const Json& json) {
  const auto version = json.find("schema_version");
  if (version == json.end() || !version->is_number_integer() || *version == kResultsVersion) return;
  const Json::json_pointer writer("/manifest/version");
  throw Error(path, fmt::format("was written by normscope {}, whose results this version cannot "
                                "read; use that version, or measure again",
                                json.contains(writer) && json.at(writer).is_string()
                                    ? json.at(writer).get<std::string>()
                                    : "of another version"));
}

void check(const std::filesystem::path& path, const JsonFile& file, const Json& schema) {
  check_version(path, file.json());
  if (const auto problem = violates(file.json(), schema)) {
    throw Error(path, problem->place, problem->reason);
  }
}

template <class Values>
bool has_twins(const Values& values) {
  for (auto value = values.begin(); value != values.end(); ++value) {
    if (std::find(std::next(value), values.end(), *value) != values.end()) return true;
  }
  return false;
}

/// Each property against each statistic, in their order, once.
void check_grid(const std::filesystem::path& path, const Study& study) {
  std::vector<StatisticColumn> statistics;
  for (const StudiedStatistic& statistic : study.statistics) statistics.push_back(statistic.column);
  if (has_twins(statistics)) throw Error(path, "/grid/statistics", "names a statistic twice");
  if (has_twins(study.properties)) throw Error(path, "/grid/properties", "names a property twice");
  if (study.relations.size() != statistics.size() * study.properties.size()) {
    throw Error(path, "/grid/relations", "are not those of each property to each statistic");
  }
  for (std::size_t i = 0; i < study.relations.size(); ++i) {
    const GridRelation& relation = study.relations[i];
    if (relation.property != study.properties[i / statistics.size()] ||
        relation.statistic != statistics[i % statistics.size()]) {
      throw Error(path, fmt::format("/grid/relations/{}", i), "is not the relation in this place");
    }
  }
}

}  // namespace

std::string results_text(const Results& results, bool compact) {
  return compact ? json_text(results) : json_text(results, 2) + "\n";
}

std::string place_in_results(const Results& results, const void* number) {
  return place_in(results, number);
}

std::string place_in_relation(const Results& results, std::size_t relation, const void* number) {
  return fmt::format("/grid/relations/{}{}", relation,
                     place_in(results.study.relations[relation], number));
}

void write_results(const std::filesystem::path& folder, const Results& results) {
  write_atomically(folder / kResultsFile, results_text(results));
}

Results read_results(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kResultsFile;
  const JsonFile file(path, kMostBytes);
  check(path, file, results_schema());
  Results results;
  file.root().read(results);
  check_grid(path, results.study);
  return results;
}

Manifest read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kResultsFile;
  const JsonFile file(path, kMostBytes);
  check(path, file, manifest_schema());
  Manifest manifest;
  file.root()("manifest", manifest);
  return manifest;
}

}  // namespace normscope
