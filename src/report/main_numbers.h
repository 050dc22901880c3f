#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "report/stored_run.h"

namespace normscope {

/// One line of the report's first table. The pointers lead into results.json.
struct MainNumber {
  enum class Kind { count, number, share };
  std::string label;
  Kind kind = Kind::number;
  nlohmann::json::json_pointer value;
  /// To a pair of numbers.
  std::optional<nlohmann::json::json_pointer> interval;
  /// What the number means, in a few words.
  std::string note;
};

/// Those that are there.
std::vector<MainNumber> main_numbers(const StoredRun& run);

/// As a person reads it: 31,730 or 0.01234 or 12.3 %.
std::string shown(double number, MainNumber::Kind kind);

/// Where in results.json the grid's relation of the primary statistic to the primary property is;
/// absent without one.
std::optional<nlohmann::json::json_pointer> primary_relation(const StoredRun& run);

/// results.json at `place`, or null where it is absent.
const nlohmann::json& at(const StoredRun& run, const nlohmann::json::json_pointer& place);

}  // namespace normscope
