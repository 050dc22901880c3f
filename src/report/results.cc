#include <nlohmann/json.hpp>
#include <optional>

#include "base/atomic_file.h"
#include "normscope/report.h"
#include "report/manifest_json.h"
#include "report/question.h"
#include "report/results_version.h"
#include "report/statistics_json.h"
#include "report/study_json.h"

namespace normscope {
namespace {

using Json = nlohmann::ordered_json;

Json object(const Distribution& distribution) {
  return {{"mean", distribution.mean},
          {"standard_deviation", or_null(distribution.standard_deviation)},
          {"quantiles", to_json(distribution.quantiles)}};
}

Json norms_object(const Analysis& analysis) {
  if (!analysis.norms) return nullptr;
  Json norms = object(*analysis.norms);
  norms["coefficient_of_variation"] = or_null(analysis.spread->coefficient_of_variation);
  norms["rounding"] = analysis.spread->rounding;
  return norms;
}

Json object(const Band& band) {
  return {{"low", band.low}, {"high", band.high}, {"share", band.share}};
}

Json object(const ShortnessClaim& claim) {
  return {{"side", claim.side},
          {"short_given_side",
           or_null(claim.short_given_side, [](const Proportion& found) { return to_json(found); })},
          {"lift", or_null(claim.lift)},
          {"most_likely_short", name(claim.most_likely_short)},
          {"more_than_base_rate", name(claim.more_than_base_rate)}};
}

Json object(const ExplainedShare& share) {
  return {{"value", share.value}, {"interval_95", to_json_or_null(share.interval)}};
}

Json object(const ExplainedShares& shares) {
  const auto as_object = [](const ExplainedShare& share) { return object(share); };
  return {{"line", object(shares.line)},
          {"norm_given_length", or_null(shares.norm_given_length, as_object)},
          {"length_given_norm", or_null(shares.length_given_norm, as_object)}};
}

Json claims_object(const Analysis& analysis) {
  Json claims = Json::array();
  for (const ShortnessClaim& claim : analysis.claims) claims.push_back(object(claim));
  return {{"short_below", analysis.options.short_below},
          {"base_rate", to_json_or_null(analysis.short_base_rate)},
          {"sides", std::move(claims)}};
}

}  // namespace

void write_results(const std::filesystem::path& folder, const Manifest& manifest,
                   const Analysis& analysis, const Study& study) {
  const auto as_object = [](const auto& present) { return object(present); };
  const Json results{{"schema_version", kResultsVersion},
                     {"question", question(manifest)},
                     {"sentences", analysis.sentences},
                     {"verdict",
                      {{"answer", name(analysis.verdict)},
                       {"text", analysis.verdict_text},
                       {"shares", or_null(analysis.shares, as_object)},
                       {"limits", analysis.limits}}},
                     {"regression", to_json_or_null(analysis.regression)},
                     {"norm_given_length", to_json_or_null(analysis.norm_given_length)},
                     {"length_given_norm", to_json_or_null(analysis.length_given_norm)},
                     {"norms", norms_object(analysis)},
                     {"lengths", or_null(analysis.lengths, as_object)},
                     {"band", or_null(analysis.band, as_object)},
                     {"claims", claims_object(analysis)},
                     {"grid", study.relations.empty() ? Json(nullptr) : grid_json(study)},
                     {"probes", study.probes.empty() ? Json(nullptr) : probes_json(study)},
                     {"dimensions", dimensions_json(study)},
                     {"manifest", to_json(manifest)}};
  write_atomically(folder / "results.json",
                   results.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace normscope
