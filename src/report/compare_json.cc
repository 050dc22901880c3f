#include "report/compare_json.h"

#include <cstddef>
#include <utility>

#include "normscope/version.h"
#include "report/run_numbers.h"
#include "report/statistics_json.h"

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;

/// Changes with the names or the meaning of what is in the file; docs/compare.schema.json tells
/// them.
constexpr int kSchemaVersion = 1;

Json to_json(const Difference& difference) {
  Json json = normscope::to_json(difference.estimate);
  json["p_value"] = or_null(difference.p_value);
  json["p_value_holm"] = or_null(difference.p_value_holm);
  return json;
}

Json probes_json(const StoredRun& run) {
  Json probes = Json::array();
  for (const ProbeNumber& probe : probe_numbers(run)) {
    probes.push_back({{"layer", probe.layer},
                      {"readout", probe.readout},
                      {"r_squared", Json(*probe.r_squared)}});
  }
  return probes;
}

Json threshold_json(const StoredRun& run) {
  const auto& rule = threshold_of(run);
  if (rule.is_null()) return nullptr;
  Json json;
  for (const char* name : {"low", "high", "short_below", "auc"})
    json[name] = rule.value(name, Json());
  return json;
}

Json run_json(const NamedRun& named, const RunNumbers& numbers) {
  const StoredRun& run = named.run;
  const Manifest& manifest = run.manifest;
  const auto stored = [&](const char* member) { return Json(run.member(member)); };
  return {{"name", named.name},
          {"path", named.path.string()},
          {"version", manifest.version},
          {"model", {{"name", manifest.model.name}, {"sha256", manifest.model.sha256}}},
          {"corpus", {{"name", manifest.corpus.name}, {"sha256", manifest.corpus.sha256}}},
          {"statistic", run.statistics.front().name},
          {"length_below", manifest.length_below},
          {"sentences", numbers.sentences},
          {"mean", to_json_or_null(numbers.mean)},
          {"standard_deviation", run.member("norms").is_null()
                                     ? Json(nullptr)
                                     : Json(run.member("norms").at("standard_deviation"))},
          {"regression", stored("regression")},
          {"spearman", to_json_or_null(numbers.spearman)},
          {"norm_given_length", stored("norm_given_length")},
          {"length_given_norm", stored("length_given_norm")},
          {"threshold", threshold_json(run)},
          {"probes", probes_json(run)}};
}

Json pair_json(const RunPair& pair) {
  const auto as_object = [](const Difference& difference) { return to_json(difference); };
  return {{"first", pair.first},
          {"second", pair.second},
          {"paired", pair.shared > 0},
          {"shared_sentences", pair.shared},
          {"slope", or_null(pair.slope, as_object)},
          {"r_squared", or_null(pair.r_squared, as_object)},
          {"mean", or_null(pair.mean, as_object)},
          {"spearman", or_null(pair.spearman, as_object)}};
}

}  // namespace

std::string compare_json(const RunComparison& comparison) {
  const Comparison& numbers = comparison.comparison;
  Json runs = Json::array();
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    runs.push_back(run_json(comparison.runs[i], numbers.runs[i]));
  }
  Json pairs = Json::array();
  for (const RunPair& pair : numbers.pairs) pairs.push_back(pair_json(pair));
  const Json json{
      {"schema_version", kSchemaVersion},
      {"version", version()},
      {"runs", std::move(runs)},
      {"pairs", std::move(pairs)},
      {"bootstrap", {{"resamples", numbers.options.resamples}, {"seed", numbers.options.seed}}},
      {"notes", comparison.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace normscope
