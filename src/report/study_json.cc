#include "report/study_json.h"

#include "normscope/measure.h"
#include "report/statistics_json.h"

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const MonotoneFit& fit) {
  return {{"increasing", fit.increasing}, {"r_squared", fit.r_squared}};
}

Json to_json(const HeldOut& held_out) {
  return {{"r_squared", normscope::to_json(held_out.r_squared)},
          {"absolute_error", normscope::to_json(held_out.absolute_error)},
          {"constant_error", held_out.constant_error},
          {"error_saved", normscope::to_json(held_out.error_saved)}};
}

Json to_json(const std::vector<FunnelBin>& funnel) {
  Json json = Json::array();
  for (const FunnelBin& bin : funnel) {
    json.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"count", bin.count},
                    {"mean_property", bin.mean_property},
                    {"mean", bin.mean},
                    {"standard_deviation", or_null(bin.standard_deviation)},
                    {"quantiles", normscope::to_json(bin.quantiles)}});
  }
  return json;
}

Json to_json(const ThresholdRule& rule, double short_below) {
  return {{"low", or_null(rule.low)},
          {"high", or_null(rule.high)},
          {"short_below", short_below},
          {"base_rate", normscope::to_json(rule.base_rate)},
          {"precision", to_json_or_null(rule.precision)},
          {"recall", to_json_or_null(rule.recall)},
          {"auc", to_json_or_null(rule.auc)}};
}

Json partial_json(const GridRelation& found) {
  if (!found.partial) return nullptr;
  return {{"given", found.given},
          {"correlation", normscope::to_json(found.partial->correlation)},
          {"r_squared", normscope::to_json(found.partial->r_squared)},
          {"p_value", found.partial->p_value}};
}

Json controls_json(const GridRelation& found) {
  if (!found.r_squared) return nullptr;
  Json json{{"sentences", found.control_sentences},
            {"real", *found.r_squared},
            {"permuted", or_null(found.permuted)}};
  for (const RelationControl& control : found.controls) {
    json[control.name] = control.r_squared;
    json["real_less_" + control.name] = normscope::to_json(control.difference);
  }
  return json;
}

Json to_json(const GridRelation& found) {
  const Relation& relation = found.relation;
  const auto local = [](const auto& present) { return to_json(present); };
  return {{"statistic", found.statistic},
          {"property", found.property},
          {"sentences", relation.sentences},
          {"line", to_json_or_null(relation.line)},
          {"bootstrap_r_squared", to_json_or_null(relation.bootstrap_r_squared)},
          {"spearman", or_null(relation.spearman, local)},
          {"kendall", or_null(relation.kendall, local)},
          {"monotone", or_null(relation.monotone, local)},
          {"statistic_given_property", to_json_or_null(relation.statistic_given_property)},
          {"property_given_statistic", to_json_or_null(relation.property_given_statistic)},
          {"held_out", or_null(relation.held_out, local)},
          {"funnel", to_json(relation.funnel)},
          {"threshold", or_null(relation.threshold,
                                [&](const ThresholdRule& rule) {
                                  return to_json(rule, relation.options.short_below);
                                })},
          {"p_value_holm", or_null(found.p_value_holm)},
          {"partial", partial_json(found)},
          {"controls", controls_json(found)}};
}

Json to_json(const RidgeProbe& probe) {
  return {{"r_squared", normscope::to_json(probe.r_squared)},
          {"absolute_error", probe.absolute_error},
          {"constant_error", probe.constant_error},
          {"control", or_null(probe.control, [](const ControlTask& control) {
             return Json{{"permutations", control.permutations},
                         {"r_squared", control.r_squared},
                         {"selectivity", control.selectivity},
                         {"p_value", control.p_value}};
           })}};
}

Json to_json(const SentenceLengthProbe::Result& result) {
  return {{"accuracy",
           {{"count", result.accuracy.count},
            {"right", result.accuracy.hits},
            {"probability", result.accuracy.share},
            {"interval_95", normscope::to_json(result.accuracy.interval)}}},
          {"validation_accuracy", result.validation_accuracy}};
}

Json to_json(const SentenceLengthProbe& probe) {
  return {{"train", probe.train},
          {"validation", probe.validation},
          {"logistic", to_json(probe.logistic)},
          {"penalty", probe.penalty},
          {"mlp", to_json(probe.mlp)},
          {"hidden", probe.hidden},
          {"dropout", probe.dropout}};
}

Json estimate_99(const Estimate& estimate) {
  return {{"value", estimate.value},
          {"standard_error", or_null(estimate.standard_error)},
          {"interval_99", to_json_or_null(estimate.interval)}};
}

Json to_json(const NormDirection& found) {
  return {{"sentences", found.sentences},
          {"reruns", found.reruns},
          {"intact", estimate_99(found.intact)},
          {"norm_replaced", estimate_99(found.norm_replaced)},
          {"direction_replaced", estimate_99(found.direction_replaced)},
          {"both_replaced", estimate_99(found.both_replaced)},
          {"norm_loss", estimate_99(found.norm_loss)},
          {"direction_loss", estimate_99(found.direction_loss)}};
}

Json to_json(const PointProbes& probes) {
  const auto local = [](const auto& present) { return to_json(present); };
  Json controls = probes.controls.empty() ? Json(nullptr) : Json::object();
  for (const PointProbes::Control& control : probes.controls) {
    controls[control.name] = {{"ridge", or_null(control.ridge, local)},
                              {"sentence_length", or_null(control.sentence_length, local)}};
  }
  return {{"layer", probes.point.layer},
          {"readout", name(probes.point.readout)},
          {"sentences", probes.sentences},
          {"ridge", or_null(probes.ridge, local)},
          {"sentence_length", or_null(probes.sentence_length, local)},
          {"norm_direction", or_null(probes.norm_direction, local)},
          {"controls", std::move(controls)}};
}

Json to_json(const NormRelation& relation) {
  return {{"r_squared", relation.r_squared}, {"spearman", relation.spearman}};
}

}  // namespace

Json grid_json(const Study& study) {
  Json relations = Json::array();
  for (const GridRelation& found : study.relations) relations.push_back(to_json(found));
  Json statistics = Json::array();
  for (std::size_t i = 0; i < study.statistics.size(); ++i) {
    const StatisticColumn column = column_named(study.statistics[i]);
    const Spread& spread = study.spreads.at(i);
    statistics.push_back({{"name", study.statistics[i]},
                          {"layer", column.point.layer},
                          {"readout", normscope::name(column.point.readout)},
                          {"statistic", normscope::name(column.statistic)},
                          {"mean", spread.mean},
                          {"standard_deviation", or_null(spread.standard_deviation)},
                          {"coefficient_of_variation", or_null(spread.coefficient_of_variation)},
                          {"rounding", spread.rounding}});
  }
  return {{"statistics", std::move(statistics)},
          {"properties", study.properties},
          {"relations", std::move(relations)}};
}

Json probes_json(const Study& study) {
  Json probes = Json::array();
  for (const PointProbes& found : study.probes) probes.push_back(to_json(found));
  return probes;
}

Json dimensions_json(const Study& study) {
  if (!study.dimensions) return nullptr;
  const auto local = [](const auto& present) { return to_json(present); };
  Json shares = Json::array();
  for (const DimensionShare& share : study.dimensions->shares) {
    shares.push_back({{"dimension", share.dimension},
                      {"mean", share.mean},
                      {"standard_deviation", share.standard_deviation},
                      {"share", share.share},
                      {"scale_share", or_null(share.scale_share)},
                      {"shift_share", or_null(share.shift_share)},
                      {"property_part", share.property_part}});
  }
  Json without = Json::array();
  for (const Dimensions::Without& fewer : study.dimensions->without) {
    without.push_back({{"left_out", fewer.left_out}, {"relation", or_null(fewer.relation, local)}});
  }
  return {{"property_correlation", study.dimensions->property_correlation},
          {"whole", or_null(study.dimensions->whole, local)},
          {"centred", or_null(study.dimensions->centred, local)},
          {"shares", std::move(shares)},
          {"without", std::move(without)}};
}

}  // namespace normscope
