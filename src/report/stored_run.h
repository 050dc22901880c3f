#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/results.h"
#include "report/measurement_table.h"

namespace normscope {

/// One of the grid's statistics.
struct ShownStatistic {
  StatisticColumn measured;
  /// e.g. layer6.cls.l2
  std::string name;
  /// For people, such as "norm of the [CLS] embedding, layer 3"; without the layer if the last is
  /// the only one.
  std::string label;
  /// Its column in the table; absent if the table has none.
  std::optional<std::string> column;
  /// Whether its numbers differ by no more than rounding.
  bool rounding = false;
};

/// One of the grid's properties.
struct ShownProperty {
  std::string name;
  std::string label;
  std::optional<std::string> column;
};

/// A finished run as its folder holds it; it has been checked, so that all later steps may rely on
/// it.
struct StoredRun {
  Results results;
  MeasurementTable table;
  /// Rows of the table that were analysed, in ascending order.
  std::vector<std::uint64_t> kept;
  /// In the grid's order: the first of each are what the question is about, and the table has them.
  std::vector<ShownStatistic> statistics;
  std::vector<ShownProperty> properties;

  /// A column of the table in the kept rows.
  [[nodiscard]] std::vector<double> kept_numbers(const std::string& column) const;
  /// The relation of the first statistic to the first property, and the numbers of the two.
  [[nodiscard]] const GridRelation& first_relation() const;
  [[nodiscard]] std::vector<double> first_statistic() const;
  [[nodiscard]] std::vector<double> first_property() const;
};

/// Reads results.json and measurements.parquet. Throws Error if they are not what a run writes, or
/// do not belong together, and Interrupted when `stop` is requested.
StoredRun read_run(const std::filesystem::path& folder, const std::stop_token& stop = {});

}  // namespace normscope
