#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "normscope/report.h"
#include "report/measurement_table.h"

namespace normscope {

/// A number taken from the vector that a readout gives at a layer.
struct ShownStatistic {
  /// e.g. layer6.cls.l2
  std::string name;
  std::uint64_t layer = 0;
  std::string readout;
  std::string statistic;
  /// For people, e.g. "norm of the [CLS] embedding, layer 3"; without the layer where the last is
  /// the only one.
  std::string label;
  /// Its column in the table; absent where the table has none.
  std::optional<std::string> column;
  /// Whether its numbers differ by no more than rounding, and its standard deviation in parts of
  /// its mean.
  bool rounding = false;
  std::optional<double> coefficient_of_variation = {};
};

struct ShownProperty {
  std::string name;
  std::string label;
  std::optional<std::string> column;
};

/// A finished run, as its folder holds it; checked, so that what follows may rely on it.
struct StoredRun {
  /// As docs/results.schema.json says.
  nlohmann::json results;
  Manifest manifest;
  MeasurementTable table;
  /// Rows of the table that were analysed, rising.
  std::vector<std::uint64_t> kept;
  /// The first of each is the primary one, which the table always has.
  std::vector<ShownStatistic> statistics;
  std::vector<ShownProperty> properties;
  /// Of the grid's relations, by statistic and property.
  std::map<std::pair<std::string, std::string>, std::size_t> relation_places;

  /// A column of the table in the kept rows.
  [[nodiscard]] std::vector<double> kept_numbers(const std::string& column) const;
  /// Of the grid, or null.
  [[nodiscard]] const nlohmann::json* relation(const std::string& statistic,
                                               const std::string& property) const;
  /// results[member], or null where it is absent.
  [[nodiscard]] const nlohmann::json& member(const std::string& name) const;
};

/// Reads results.json and measurements.parquet. Throws Error where they are not what a run writes,
/// or do not belong together, and Interrupted when `stop` is requested.
StoredRun read_run(const std::filesystem::path& folder, const std::stop_token& stop = {});

}  // namespace normscope
