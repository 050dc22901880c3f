#pragma once

#include "base/json_fields.h"
#include "normscope/analysis.h"
#include "normscope/compare.h"
#include "normscope/relation.h"

namespace normscope {

// The fields of the analysis's plain values, for results.json and compare.json.

template <class Fields>
void describe_elements(Fields& fields, Of<Interval> auto& interval) {
  fields(interval.low);
  fields(interval.high);
}

template <class Fields>
void describe(Fields& fields, Of<Estimate> auto& estimate) {
  fields("value", estimate.value);
  fields("standard_error", estimate.standard_error);
  fields("interval_95", estimate.interval);
}

template <class Fields>
void describe(Fields& fields, Of<RankCorrelation> auto& correlation) {
  describe(fields, correlation.estimate);
  fields("p_value", correlation.p_value);
}

template <class Fields>
void describe(Fields& fields, Of<Difference> auto& difference) {
  describe(fields, difference.estimate);
  fields("p_value", difference.p_value);
  fields("p_value_holm", difference.p_value_holm);
}

template <class Fields>
void describe(Fields& fields, Of<RunPair> auto& pair) {
  fields("first", pair.first);
  fields("second", pair.second);
  fields("paired", pair.shared > 0);
  fields("shared_sentences", pair.shared);
  fields("slope", pair.slope);
  fields("r_squared", pair.r_squared);
  fields("mean", pair.mean);
  fields("spearman", pair.spearman);
}

template <class Fields>
void describe(Fields& fields, Of<Regression> auto& line) {
  fields("slope", line.slope);
  fields("intercept", line.intercept);
  fields("r_squared", line.r_squared);
}

template <class Fields>
void describe(Fields& fields, Of<CorrelationRatio> auto& ratio) {
  fields("eta_squared", ratio.eta_squared);
  fields("epsilon_squared", ratio.epsilon_squared);
  fields("groups", ratio.groups);
}

template <class Fields>
void describe(Fields& fields, Of<Proportion> auto& proportion) {
  fields("count", proportion.count);
  fields("hits", proportion.hits);
  fields("share", proportion.share);
  fields("interval_95", proportion.interval);
}

template <class Fields>
void describe(Fields& fields, Of<ThresholdRule> auto& rule) {
  fields("short_below", rule.short_below);
  fields("low", rule.low);
  fields("high", rule.high);
  fields("base_rate", rule.base_rate);
  fields("precision", rule.precision);
  fields("recall", rule.recall);
  fields("auc", rule.auc);
}

}  // namespace normscope
