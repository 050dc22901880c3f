#include <nlohmann/json.hpp>
#include <optional>

#include "files/atomic_file.h"
#include "normscope/report.h"
#include "report/manifest_json.h"

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;

/// Changes with the names or the meaning of what is in the file; docs/results.schema.json tells
/// them.
constexpr int kSchemaVersion = 2;

template <typename Value, typename ToJson>
Json or_null(const std::optional<Value>& value, const ToJson& to_json) {
  return value ? to_json(*value) : Json(nullptr);
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return or_null(value, [](const Value& present) { return Json(present); });
}

Json pair(const Interval& interval) { return Json::array({interval.low, interval.high}); }

Json object(const Estimate& estimate) {
  return {{"value", estimate.value},
          {"standard_error", or_null(estimate.standard_error)},
          {"interval_95", or_null(estimate.interval, pair)}};
}

Json object(const Regression& regression) {
  return {{"slope", object(regression.slope)},
          {"intercept", object(regression.intercept)},
          {"r_squared", object(regression.r_squared)}};
}

Json object(const CorrelationRatio& ratio) {
  return {{"eta_squared", ratio.eta_squared},
          {"epsilon_squared", or_null(ratio.epsilon_squared,
                                      [](const Estimate& estimate) { return object(estimate); })},
          {"groups", ratio.groups}};
}

Json object(const Distribution& distribution) {
  Json quantiles = Json::array();
  for (const Quantile& quantile : distribution.quantiles) {
    quantiles.push_back({{"probability", quantile.probability}, {"value", quantile.value}});
  }
  return {{"mean", distribution.mean},
          {"standard_deviation", or_null(distribution.standard_deviation)},
          {"quantiles", std::move(quantiles)}};
}

Json object(const Band& band) {
  return {{"low", band.low}, {"high", band.high}, {"share", band.share}};
}

Json object(const Proportion& proportion) {
  return {{"count", proportion.count},
          {"short", proportion.hits},
          {"probability", proportion.share},
          {"interval_95", pair(proportion.interval)}};
}

Json object(const ShortnessClaim& claim) {
  return {{"side", claim.side},
          {"short_given_side",
           or_null(claim.short_given_side, [](const Proportion& found) { return object(found); })},
          {"lift", or_null(claim.lift)},
          {"most_likely_short", name(claim.most_likely_short)},
          {"more_than_base_rate", name(claim.more_than_base_rate)}};
}

template <typename Value>
Json object_or_null(const std::optional<Value>& value) {
  return or_null(value, [](const Value& present) { return object(present); });
}

Json claims_object(const Analysis& analysis) {
  Json claims = Json::array();
  for (const ShortnessClaim& claim : analysis.claims) claims.push_back(object(claim));
  return {{"short_below", analysis.options.short_below},
          {"base_rate", object_or_null(analysis.short_base_rate)},
          {"sides", std::move(claims)}};
}

}  // namespace

void write_results(const std::filesystem::path& folder, const Manifest& manifest,
                   const Analysis& analysis) {
  const Json results{
      {"schema_version", kSchemaVersion},
      {"question", "Does the norm of the [CLS] embedding encode the length of the sentence?"},
      {"sentences", analysis.sentences},
      {"verdict",
       {{"answer", name(analysis.verdict)},
        {"text", analysis.verdict_text},
        {"limits", analysis.limits}}},
      {"regression", object_or_null(analysis.regression)},
      {"norm_given_length", object_or_null(analysis.norm_given_length)},
      {"length_given_norm", object_or_null(analysis.length_given_norm)},
      {"norms", object_or_null(analysis.norms)},
      {"lengths", object_or_null(analysis.lengths)},
      {"band", object_or_null(analysis.band)},
      {"claims", claims_object(analysis)},
      {"manifest", to_json(manifest)}};
  write_atomically(folder / "results.json",
                   results.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace normscope
