#include "report/statistics_json.h"

namespace normscope {

using Json = nlohmann::ordered_json;

Json to_json(const Interval& interval) { return Json::array({interval.low, interval.high}); }

Json to_json(const Estimate& estimate) {
  return {{"value", estimate.value},
          {"standard_error", or_null(estimate.standard_error)},
          {"interval_95", to_json_or_null(estimate.interval)}};
}

Json to_json(const RankCorrelation& correlation) {
  Json json = to_json(correlation.estimate);
  json["p_value"] = correlation.p_value;
  return json;
}

Json to_json(const Regression& regression) {
  return {{"slope", to_json(regression.slope)},
          {"intercept", to_json(regression.intercept)},
          {"r_squared", to_json(regression.r_squared)}};
}

Json to_json(const CorrelationRatio& ratio) {
  return {{"eta_squared", ratio.eta_squared},
          {"epsilon_squared", to_json_or_null(ratio.epsilon_squared)},
          {"groups", ratio.groups}};
}

Json to_json(const std::vector<Quantile>& quantiles) {
  Json json = Json::array();
  for (const Quantile& quantile : quantiles) {
    json.push_back({{"probability", quantile.probability}, {"value", quantile.value}});
  }
  return json;
}

Json to_json(const Proportion& proportion) {
  return {{"count", proportion.count},
          {"short", proportion.hits},
          {"probability", proportion.share},
          {"interval_95", to_json(proportion.interval)}};
}

Estimate estimate_from(const nlohmann::json& json) {
  Estimate estimate{.value = json.at("value"), .standard_error = {}, .interval = {}};
  if (const auto& error = json.at("standard_error"); !error.is_null()) {
    estimate.standard_error = error.get<double>();
  }
  if (const auto& ends = json.at("interval_95"); !ends.is_null()) {
    estimate.interval = Interval{.low = ends[0], .high = ends[1]};
  }
  return estimate;
}

}  // namespace normscope
