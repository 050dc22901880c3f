#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "report/digits.h"
#include "report/stored_run.h"

namespace normscope {

/// What a number of results.json is, and so how it is written.
enum class NumberKind {
  count,
  /// In units of the statistic or the property.
  number,
  /// Without a unit: a share of the variance, a correlation, …
  ratio,
  /// Of the sentences, in per cent.
  share,
  p_value
};

/// One line of the report's first table. The pointers lead into results.json.
struct MainNumber {
  /// Label and note may hold names out of the run, and so any characters.
  std::string label;
  Digits digits = Digits::count();
  nlohmann::json::json_pointer value;
  /// To a pair of numbers.
  std::optional<nlohmann::json::json_pointer> interval;
  /// What the number means, in a few words.
  std::string note;
};

/// Those that are there.
std::vector<MainNumber> main_numbers(const StoredRun& run);

/// Of the number at `place` and the interval beside it, which may be absent: the same for all who
/// show it.
Digits digits_at(const StoredRun& run, const nlohmann::json::json_pointer& place, NumberKind kind,
                 const std::optional<nlohmann::json::json_pointer>& interval = {});

/// "mean word rank and tokens per word": the properties with these names, in words.
std::string held_fixed(const nlohmann::json& given);

/// Where in results.json the grid's relation of the primary statistic to the primary property is;
/// absent without one.
std::optional<nlohmann::json::json_pointer> primary_relation(const StoredRun& run);

/// results.json at `place`, or null where it is absent.
const nlohmann::json& at(const StoredRun& run, const nlohmann::json::json_pointer& place);

}  // namespace normscope
