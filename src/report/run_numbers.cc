#include "report/run_numbers.h"

#include <algorithm>
#include <cmath>

namespace normscope {

using Json = nlohmann::json;

std::vector<ProbeNumber> probe_numbers(const StoredRun& run) {
  std::vector<ProbeNumber> numbers;
  for (const Json& probe : run.member("probes")) {
    const auto ridge = probe.find("ridge");
    if (ridge == probe.end() || ridge->is_null()) continue;
    numbers.push_back({.layer = probe.at("layer"),
                       .readout = probe.at("readout"),
                       .r_squared = &ridge->at("r_squared")});
  }
  return numbers;
}

double least_strength(const std::optional<Interval>& interval, std::uint64_t sentences) {
  constexpr std::uint64_t kLeastSentences = 20;
  if (!interval || sentences < kLeastSentences || interval->low * interval->high <= 0) return 0;
  return std::min(std::abs(interval->low), std::abs(interval->high));
}

std::optional<FoundRelation> strongest_relation(const StoredRun& run) {
  std::optional<FoundRelation> best;
  double most = 0;
  for (const ShownProperty& property : run.properties) {
    for (const ShownStatistic& statistic : run.statistics) {
      const Json* relation = run.relation(statistic.name, property.name);
      if (statistic.rounding || relation == nullptr) continue;
      const Json spearman = relation->value("spearman", Json());
      if (spearman.is_null()) continue;
      const Json ends = spearman.value("interval_95", Json());
      if (!ends.is_array()) continue;
      const double size = least_strength(Interval{.low = ends.at(0), .high = ends.at(1)},
                                         relation->at("sentences").get<std::uint64_t>());
      if (size <= most) continue;
      most = size;
      best = {.statistic = &statistic, .property = &property, .relation = relation};
    }
  }
  return best;
}

const Json& threshold_of(const StoredRun& run) {
  static const Json null;
  const Json* relation = run.relation(run.statistics.front().name, "tokens");
  if (relation == nullptr) return null;
  const auto found = relation->find("threshold");
  return found == relation->end() ? null : *found;
}

}  // namespace normscope
