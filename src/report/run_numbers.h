#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "report/stored_run.h"

namespace normscope {

/// How well a linear probe of a layer's vectors tells the length, held out.
struct ProbeNumber {
  std::uint64_t layer = 0;
  std::string readout;
  /// An estimate; lives as long as the run.
  const nlohmann::json* r_squared = nullptr;
};

/// As results.json has them.
std::vector<ProbeNumber> probe_numbers(const StoredRun& run);

/// A relation of the grid, and what it relates. All live as long as the run.
struct FoundRelation {
  const ShownStatistic* statistic = nullptr;
  const ShownProperty* property = nullptr;
  const nlohmann::json* relation = nullptr;
};

/// The one whose interval of Spearman's ρ stays farthest from 0, of those whose statistic is more
/// than rounding; the first of equals.
std::optional<FoundRelation> strongest_relation(const StoredRun& run);

/// The end of a correlation's interval that is nearer to 0, as a magnitude: 0 where it holds 0,
/// there is none, or there are fewer than 20 sentences, of which a few lie on a line by chance.
double least_strength(const std::optional<Interval>& interval, std::uint64_t sentences);

/// The threshold rule of the primary statistic for the length in tokens, or null.
const nlohmann::json& threshold_of(const StoredRun& run);

}  // namespace normscope
