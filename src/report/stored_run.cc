#include "report/stored_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "base/json_file.h"
#include "base/sha256.h"
#include "normscope/error.h"
#include "report/labels.h"
#include "report/manifest_json.h"
#include "report/results_version.h"
#include "report/run_files.h"
#include "report/schema.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

/// Of a run without a grid, which has kept no sentence.
StatisticColumn first_statistic(const Manifest& manifest) {
  if (manifest.statistics.empty()) return {.point = {.layer = manifest.model.config.layers}};
  try {
    return column_named(manifest.statistics.front());
  } catch (const std::invalid_argument& error) {
    throw Error(kResultsFile, "/manifest/options/statistics/0", error.what());
  }
}

std::vector<ShownStatistic> statistics_of(const Json& grid, const Manifest& manifest,
                                          const MeasurementTable& table) {
  const std::string usual = fmt::format("layer{}.cls.l2", manifest.model.config.layers);
  std::vector<ShownStatistic> statistics;
  if (grid.is_null()) {
    const StatisticColumn first = first_statistic(manifest);
    statistics.push_back({.name = name(first),
                          .layer = first.point.layer,
                          .readout = std::string(name(first.point.readout)),
                          .statistic = std::string(name(first.statistic)),
                          .label = {},
                          .column = {}});
  } else {
    for (const Json& entry : grid.at("statistics")) {
      statistics.push_back({.name = entry.at("name"),
                            .layer = entry.at("layer"),
                            .readout = entry.at("readout"),
                            .statistic = entry.at("statistic"),
                            .label = {},
                            .column = {},
                            .rounding = entry.value("rounding", false)});
      const Json variation = entry.value("coefficient_of_variation", Json());
      if (variation.is_number()) statistics.back().coefficient_of_variation = variation;
    }
  }
  // The last layer is what one thinks of where no other is measured.
  const bool last_alone = std::ranges::all_of(statistics, [&](const ShownStatistic& statistic) {
    return statistic.layer == manifest.model.config.layers;
  });
  for (ShownStatistic& statistic : statistics) {
    statistic.label = statistic_label(statistic.statistic, statistic.readout,
                                      last_alone ? std::nullopt : std::optional(statistic.layer));
    if (table.has(statistic.name)) {
      statistic.column = statistic.name;
    } else if (statistic.name == usual && table.has("norm")) {
      statistic.column = "norm";
    }
  }
  return statistics;
}

std::vector<ShownProperty> properties_of(const Json& grid, const MeasurementTable& table) {
  std::vector<ShownProperty> properties;
  const Json names = grid.is_null() ? Json::array({"tokens"}) : grid.at("properties");
  for (const std::string name : names) {
    properties.push_back({.name = name,
                          .label = property_label(name),
                          .column = table.has(name) ? std::optional(name) : std::nullopt});
  }
  return properties;
}

using Places = std::map<std::pair<std::string, std::string>, std::size_t>;

/// Where the relations of each statistic and property are.
Places relation_places(const std::filesystem::path& path, const Json& grid) {
  if (grid.is_null()) return {};
  std::set<std::string> statistics;
  for (const Json& statistic : grid.at("statistics")) {
    if (!statistics.insert(statistic.at("name")).second) {
      throw Error(path, "/grid/statistics", "names a statistic twice");
    }
  }
  const std::set<std::string> properties(grid.at("properties").begin(),
                                         grid.at("properties").end());
  if (properties.size() != grid.at("properties").size()) {
    throw Error(path, "/grid/properties", "names a property twice");
  }
  Places places;
  for (std::size_t i = 0; i < grid.at("relations").size(); ++i) {
    const Json& relation = grid.at("relations")[i];
    const std::pair<std::string, std::string> pair{relation.at("statistic"),
                                                   relation.at("property")};
    if (!statistics.contains(pair.first) || !properties.contains(pair.second)) {
      throw Error(path, fmt::format("/grid/relations/{}", i), "is about what the grid has not");
    }
    if (!places.emplace(pair, i).second) {
      throw Error(path, fmt::format("/grid/relations/{}", i), "comes twice");
    }
  }
  return places;
}

/// Rows of the sentences that were analysed.
std::vector<std::uint64_t> kept_rows(const MeasurementTable& table, const Manifest& manifest) {
  const std::vector<double> tokens = table.numbers("tokens");
  const std::vector<double> tokens_read = table.numbers("tokens_read");
  const auto length_below = static_cast<double>(manifest.length_below);
  std::vector<std::uint64_t> rows;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!(tokens[i] < length_below)) continue;
    if (manifest.drops_truncated && tokens_read[i] < tokens[i]) continue;
    rows.push_back(i);
  }
  return rows;
}

/// Nobody may see numbers of one run beside dots of another.
void check_hashes(const std::filesystem::path& folder, const Manifest& manifest,
                  const std::stop_token& stop) {
  for (const auto& [name, digest] : manifest.sha256) {
    // Vectors are large, and may have been moved away.
    if (!is_run_file(name) || !std::filesystem::exists(folder / name)) continue;
    if (sha256_of_file(folder / name, stop) != digest) {
      throw Error(folder / name, "is not the file that results.json belongs to");
    }
  }
}

void check_version(const std::filesystem::path& path, const Json& results) {
  const auto version = results.find("schema_version");
  if (version == results.end() || !version->is_number_integer() || *version == kResultsVersion) {
    return;
  }
  const Json::json_pointer writer("/manifest/version");
  throw Error(path, fmt::format("was written by normscope {}, whose results this version cannot "
                                "read; run it again, or use that version",
                                results.contains(writer) && results.at(writer).is_string()
                                    ? results.at(writer).get<std::string>()
                                    : "of another version"));
}

}  // namespace

std::vector<double> StoredRun::kept_numbers(const std::string& column) const {
  std::vector<double> numbers = table.numbers(column);
  for (std::size_t i = 0; i < kept.size(); ++i) numbers[i] = numbers[kept[i]];
  numbers.resize(kept.size());
  return numbers;
}

const Json* StoredRun::relation(const std::string& statistic, const std::string& property) const {
  const auto found = relation_places.find({statistic, property});
  return found == relation_places.end() ? nullptr
                                        : &results.at("grid").at("relations")[found->second];
}

const Json& StoredRun::member(const std::string& name) const {
  static const Json null;
  const auto found = results.find(name);
  return found == results.end() ? null : *found;
}

StoredRun read_run(const std::filesystem::path& folder, const std::stop_token& stop) {
  const std::filesystem::path path = folder / kResultsFile;
  Json results = read_json_object(path, kMostResultBytes);
  check_version(path, results);
  if (const auto problem = violates(results, results_schema())) {
    throw Error(path, problem->place, problem->reason);
  }
  Manifest manifest = manifest_from(nlohmann::ordered_json(results.at("manifest")));
  if (!manifest.sha256.contains(kMeasurementsFile)) {
    throw Error(path, "/manifest/sha256", fmt::format("does not name {}", kMeasurementsFile));
  }
  check_hashes(folder, manifest, stop);
  StoredRun run{.results = std::move(results),
                .manifest = std::move(manifest),
                .table = MeasurementTable(folder / kMeasurementsFile),
                .kept = {},
                .statistics = {},
                .properties = {},
                .relation_places = {}};
  run.relation_places = relation_places(path, run.member("grid"));
  run.statistics = statistics_of(run.member("grid"), run.manifest, run.table);
  run.properties = properties_of(run.member("grid"), run.table);
  const std::filesystem::path table = folder / kMeasurementsFile;
  if (!run.statistics.front().column) {
    throw Error(table, "has no column " + run.statistics.front().name);
  }
  for (const char* column : {"tokens", "tokens_read"}) {
    if (!run.table.has(column)) throw Error(table, fmt::format("has no column {}", column));
  }
  run.kept = kept_rows(run.table, run.manifest);
  if (run.kept.size() != run.results.at("sentences")) {
    throw Error(table, fmt::format("holds {} analysed sentences, but results.json tells of {}",
                                   run.kept.size(), run.results.at("sentences").dump()));
  }
  return run;
}

}  // namespace normscope
