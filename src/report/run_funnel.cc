#include "report/run_funnel.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "analysis/funnel.h"
#include "normscope/relation.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

/// Fewest sentences that a bin holds on the average.
constexpr std::uint64_t kFewest = 10;

Json object(const FunnelBin& bin) {
  Json quantiles = Json::array();
  for (const Quantile& quantile : bin.quantiles) {
    quantiles.push_back({{"probability", quantile.probability}, {"value", quantile.value}});
  }
  return {{"low", bin.low},
          {"high", bin.high},
          {"count", bin.count},
          {"mean_property", bin.mean_property},
          {"mean", bin.mean},
          {"standard_deviation",
           bin.standard_deviation ? Json(*bin.standard_deviation) : Json(nullptr)},
          {"quantiles", std::move(quantiles)}};
}

}  // namespace

Json run_funnel(const StoredRun& run) {
  if (const Json* relation =
          run.relation(run.statistics.front().name, run.properties.front().name)) {
    return relation->value("funnel", Json::array());
  }
  std::vector<double> lengths = run.kept_numbers("tokens");
  std::vector<double> values = run.kept_numbers(*run.statistics.front().column);
  std::size_t count = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (!std::isfinite(lengths[i]) || !std::isfinite(values[i])) continue;
    lengths[count] = lengths[i];
    values[count++] = values[i];
  }
  lengths.resize(count);
  values.resize(count);
  const std::uint64_t bins =
      std::min<std::uint64_t>(RelationOptions().funnel_bins, count / kFewest);
  Json funnel_bins = Json::array();
  if (bins < 2) return funnel_bins;
  for (const FunnelBin& bin : funnel(lengths, values, bins)) funnel_bins.push_back(object(bin));
  return funnel_bins;
}

}  // namespace normscope
