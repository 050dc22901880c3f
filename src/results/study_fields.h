#pragma once

#include "base/json_fields.h"
#include "normscope/study.h"
#include "results/names.h"
#include "results/statistics_fields.h"

namespace normscope {

// The fields of a study in results.json.

template <class Fields>
void describe(Fields& fields, Of<Quantile> auto& quantile) {
  fields("probability", quantile.probability);
  fields("value", quantile.value);
}

template <class Fields>
void describe(Fields& fields, Of<Distribution> auto& distribution) {
  fields("mean", distribution.mean);
  fields("standard_deviation", distribution.standard_deviation);
  fields("quantiles", distribution.quantiles);
}

template <class Fields>
void describe(Fields& fields, Of<Spread> auto& spread) {
  fields("mean", spread.mean);
  fields("standard_deviation", spread.standard_deviation);
  fields("coefficient_of_variation", spread.coefficient_of_variation);
  fields("rounding", spread.rounding);
}

template <class Fields>
void describe(Fields& fields, Of<Band> auto& band) {
  fields("low", band.low);
  fields("high", band.high);
  fields("share", band.share);
}

template <class Fields>
void describe(Fields& fields, Of<ShortnessClaim> auto& claim) {
  fields("side", claim.side);
  fields("short_given_side", claim.short_given_side);
  fields("lift", claim.lift);
  fields("most_likely_short", claim.most_likely_short);
  fields("more_than_base_rate", claim.more_than_base_rate);
}

template <class Fields>
void describe(Fields& fields, Of<ShortnessClaims> auto& claims) {
  fields("short_below", claims.short_below);
  fields("base_rate", claims.base_rate);
  fields("sides", claims.sides);
}

template <class Fields>
void describe(Fields& fields, Of<ExplainedShare> auto& share) {
  fields("value", share.value);
  fields("interval_95", share.interval);
}

template <class Fields>
void describe(Fields& fields, Of<ExplainedShares> auto& shares) {
  fields("line", shares.line);
  fields("property_given_statistic", shares.property_given_statistic);
  fields("statistic_given_property", shares.statistic_given_property);
}

template <class Fields>
void describe(Fields& fields, Of<Conclusion> auto& conclusion) {
  fields("answer", conclusion.verdict);
  fields("text", conclusion.text);
  fields("shares", conclusion.shares);
  fields("limits", conclusion.limits);
}

template <class Fields>
void describe(Fields& fields, Of<StudiedStatistic> auto& statistic) {
  fields("name", statistic.column);
  fields.fixed("layer", statistic.column.point.layer);
  fields.fixed("readout", statistic.column.point.readout);
  fields.fixed("statistic", statistic.column.statistic);
  fields("spread", statistic.spread);
}

template <class Fields>
void describe(Fields& fields, Of<MonotoneFit> auto& fit) {
  fields("increasing", fit.increasing);
  fields("r_squared", fit.r_squared);
}

template <class Fields>
void describe(Fields& fields, Of<HeldOut> auto& held_out) {
  fields("r_squared", held_out.r_squared);
  fields("absolute_error", held_out.absolute_error);
  fields("constant_error", held_out.constant_error);
  fields("error_saved", held_out.error_saved);
}

template <class Fields>
void describe(Fields& fields, Of<FunnelBin> auto& bin) {
  fields("low", bin.low);
  fields("high", bin.high);
  fields("count", bin.count);
  fields("mean_property", bin.mean_property);
  fields("mean", bin.mean);
  fields("standard_deviation", bin.standard_deviation);
  fields("quantiles", bin.quantiles);
}

template <class Fields>
void describe(Fields& fields, Of<Relation> auto& relation) {
  fields("sentences", relation.sentences);
  fields("line", relation.line);
  fields("bootstrap_r_squared", relation.bootstrap_r_squared);
  fields("spearman", relation.spearman);
  fields("kendall", relation.kendall);
  fields("monotone", relation.monotone);
  fields("statistic_given_property", relation.statistic_given_property);
  fields("property_given_statistic", relation.property_given_statistic);
  fields("held_out", relation.held_out);
  fields("funnel", relation.funnel);
  fields("threshold", relation.threshold);
}

template <class Fields>
void describe(Fields& fields, Of<PartialRelation> auto& partial) {
  fields("correlation", partial.correlation);
  fields("r_squared", partial.r_squared);
  fields("p_value", partial.p_value);
  fields("covariates", partial.covariates);
}

template <class Fields>
void describe(Fields& fields, Of<HeldFixed> auto& fixed) {
  fields("given", fixed.given);
  describe(fields, fixed.relation);
}

template <class Fields>
void describe(Fields& fields, Of<RelationControl> auto& control) {
  fields("r_squared", control.r_squared);
  fields("real_less_this", control.difference);
}

template <class Fields>
void describe(Fields& fields, Of<RelationControls> auto& controls) {
  fields("sentences", controls.sentences);
  fields("real", controls.real);
  fields("permuted", controls.permuted);
  fields("measured", controls.measured);
}

template <class Fields>
void describe(Fields& fields, Of<GridRelation> auto& found) {
  fields("statistic", found.statistic);
  fields("property", found.property);
  describe(fields, found.relation);
  fields("p_value_holm", found.p_value_holm);
  fields("partial", found.partial);
  fields("controls", found.controls);
}

template <class Fields>
void describe(Fields& fields, Of<ControlTask> auto& control) {
  fields("permutations", control.permutations);
  fields("r_squared", control.r_squared);
  fields("selectivity", control.selectivity);
  fields("p_value", control.p_value);
}

template <class Fields>
void describe(Fields& fields, Of<RidgeProbe> auto& probe) {
  fields("sentences", probe.sentences);
  fields("r_squared", probe.r_squared);
  fields("absolute_error", probe.absolute_error);
  fields("constant_error", probe.constant_error);
  fields("penalties", probe.penalties);
  fields("control", probe.control);
}

template <class Fields>
void describe(Fields& fields, Of<SentenceLengthProbe::Result> auto& result) {
  fields("accuracy", result.accuracy);
  fields("validation_accuracy", result.validation_accuracy);
}

template <class Fields>
void describe(Fields& fields, Of<SentenceLengthProbe> auto& probe) {
  fields("train", probe.train);
  fields("validation", probe.validation);
  fields("logistic", probe.logistic);
  fields("penalty", probe.penalty);
  fields("mlp", probe.mlp);
  fields("hidden", probe.hidden);
  fields("dropout", probe.dropout);
}

/// A mean over reruns, whose interval is one of 99 %.
template <class Fields>
void describe_rerun(Fields& fields, const char* key, Of<Estimate> auto& mean) {
  fields.object(key, [&](auto& members) {
    members("value", mean.value);
    members("standard_error", mean.standard_error);
    members("interval_99", mean.interval);
  });
}

template <class Fields>
void describe(Fields& fields, Of<NormDirection> auto& found) {
  fields("sentences", found.sentences);
  fields("reruns", found.reruns);
  describe_rerun(fields, "intact", found.intact);
  describe_rerun(fields, "norm_replaced", found.norm_replaced);
  describe_rerun(fields, "direction_replaced", found.direction_replaced);
  describe_rerun(fields, "both_replaced", found.both_replaced);
  describe_rerun(fields, "norm_loss", found.norm_loss);
  describe_rerun(fields, "direction_loss", found.direction_loss);
}

template <class Fields>
void describe(Fields& fields, Of<ProbeControl> auto& control) {
  fields("ridge", control.ridge);
  fields("sentence_length", control.sentence_length);
}

template <class Fields>
void describe(Fields& fields, Of<PointProbes> auto& probes) {
  fields("layer", probes.point.layer);
  fields("readout", probes.point.readout);
  fields("sentences", probes.sentences);
  fields("ridge", probes.ridge);
  fields("sentence_length", probes.sentence_length);
  fields("norm_direction", probes.norm_direction);
  fields("controls", probes.controls);
}

template <class Fields>
void describe(Fields& fields, Of<NormRelation> auto& relation) {
  fields("r_squared", relation.r_squared);
  fields("spearman", relation.spearman);
}

template <class Fields>
void describe(Fields& fields, Of<DimensionShare> auto& share) {
  fields("dimension", share.dimension);
  fields("mean", share.mean);
  fields("standard_deviation", share.standard_deviation);
  fields("share", share.share);
  fields("scale_share", share.scale_share);
  fields("shift_share", share.shift_share);
  fields("property_part", share.property_part);
}

template <class Fields>
void describe(Fields& fields, Of<Dimensions::Without> auto& without) {
  fields("left_out", without.left_out);
  fields("relation", without.relation);
}

template <class Fields>
void describe(Fields& fields, Of<Dimensions> auto& dimensions) {
  fields("property_correlation", dimensions.property_correlation);
  fields("whole", dimensions.whole);
  fields("centred", dimensions.centred);
  fields("shares", dimensions.shares);
  fields("without", dimensions.without);
}

template <class Fields>
void describe(Fields& fields, Of<Study> auto& study) {
  fields("sentences", study.sentences);
  fields("verdict", study.conclusion);
  fields("statistic", study.statistic);
  fields("property", study.property);
  fields("band", study.band);
  fields("claims", study.claims);
  fields.object("grid", [&](auto& grid) {
    grid("statistics", study.statistics);
    grid("properties", study.properties);
    grid("relations", study.relations);
  });
  fields("probes", study.probes);
  fields("dimensions", study.dimensions);
}

}  // namespace normscope
