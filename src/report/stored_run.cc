#include "report/stored_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/sha256.h"
#include "normscope/error.h"
#include "report/labels.h"
#include "results/run_files.h"

namespace normscope {
namespace {

std::vector<ShownStatistic> statistics_of(const Results& results, const MeasurementTable& table) {
  // If no other layer is measured, everybody assumes the last one.
  const bool last_alone =
      std::ranges::all_of(results.study.statistics, [&](const StudiedStatistic& statistic) {
        return statistic.column.point.layer == results.manifest.model.config.layers;
      });
  std::vector<ShownStatistic> statistics;
  for (const StudiedStatistic& statistic : results.study.statistics) {
    const StatisticColumn& column = statistic.column;
    statistics.push_back(
        {.measured = column,
         .name = name(column),
         .label = last_alone ? statistic_label(column) : statistic_in_layer_label(column),
         .column = table.has(name(column)) ? std::optional(name(column)) : std::nullopt,
         .rounding = statistic.spread && statistic.spread->rounding});
  }
  if (!statistics.front().column && table.has(kNorm)) statistics.front().column = kNorm;
  return statistics;
}

std::vector<ShownProperty> properties_of(const Study& study, const MeasurementTable& table) {
  std::vector<ShownProperty> properties;
  for (const std::string& name : study.properties) {
    properties.push_back({.name = name,
                          .label = property_label(name),
                          .column = table.has(name) ? std::optional(name) : std::nullopt});
  }
  return properties;
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

/// Numbers of one run must never be shown with the dots of another.
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

}  // namespace

std::vector<double> StoredRun::kept_numbers(const std::string& column) const {
  std::vector<double> numbers = table.numbers(column);
  for (std::size_t i = 0; i < kept.size(); ++i) numbers[i] = numbers[kept[i]];
  numbers.resize(kept.size());
  return numbers;
}

const GridRelation& StoredRun::first_relation() const { return results.study.relations.front(); }

std::vector<double> StoredRun::first_statistic() const {
  return kept_numbers(*statistics.front().column);
}

std::vector<double> StoredRun::first_property() const {
  return kept_numbers(*properties.front().column);
}

StoredRun read_run(const std::filesystem::path& folder, const std::stop_token& stop) {
  Results results = read_results(folder);
  const Manifest& manifest = results.manifest;
  if (!manifest.sha256.contains(kMeasurementsFile)) {
    throw Error(folder / kResultsFile, "/manifest/sha256",
                fmt::format("does not name {}", kMeasurementsFile));
  }
  check_hashes(folder, manifest, stop);
  const std::filesystem::path path = folder / kMeasurementsFile;
  StoredRun run{.results = std::move(results),
                .table = MeasurementTable(path),
                .kept = {},
                .statistics = {},
                .properties = {}};
  run.statistics = statistics_of(run.results, run.table);
  run.properties = properties_of(run.results.study, run.table);
  const auto want = [&](const std::string& column, bool there) {
    if (!there) throw Error(path, "has no column " + column);
  };
  want(run.statistics.front().name, run.statistics.front().column.has_value());
  want(run.properties.front().name, run.properties.front().column.has_value());
  for (const char* column : {"tokens", "tokens_read"}) want(column, run.table.has(column));
  run.kept = kept_rows(run.table, run.results.manifest);
  if (run.kept.size() != run.results.study.sentences) {
    throw Error(path, fmt::format("holds {} analysed sentences, but results.json tells of {}",
                                  run.kept.size(), run.results.study.sentences));
  }
  return run;
}

}  // namespace normscope
