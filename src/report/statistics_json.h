#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "normscope/analysis.h"
#include "normscope/relation.h"

namespace normscope {

/// How the analysis' values look in results.json; what is absent is null.

template <typename Value, typename ToJson>
nlohmann::ordered_json or_null(const std::optional<Value>& value, const ToJson& to_json) {
  return value ? nlohmann::ordered_json(to_json(*value)) : nlohmann::ordered_json(nullptr);
}

template <typename Value>
nlohmann::ordered_json or_null(const std::optional<Value>& value) {
  return or_null(value, [](const Value& present) { return nlohmann::ordered_json(present); });
}

nlohmann::ordered_json to_json(const Interval& interval);
nlohmann::ordered_json to_json(const Estimate& estimate);
nlohmann::ordered_json to_json(const RankCorrelation& correlation);
nlohmann::ordered_json to_json(const Regression& regression);
nlohmann::ordered_json to_json(const CorrelationRatio& ratio);
nlohmann::ordered_json to_json(const std::vector<Quantile>& quantiles);
nlohmann::ordered_json to_json(const Proportion& proportion);

template <typename Value>
nlohmann::ordered_json to_json_or_null(const std::optional<Value>& value) {
  return or_null(value, [](const Value& present) { return to_json(present); });
}

/// Back from there.
Estimate estimate_from(const nlohmann::json& json);

}  // namespace normscope
