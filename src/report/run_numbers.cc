#include "report/run_numbers.h"

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

const Json& threshold_of(const StoredRun& run) {
  static const Json null;
  const Json* relation = run.relation(run.statistics.front().name, "tokens");
  if (relation == nullptr) return null;
  const auto found = relation->find("threshold");
  return found == relation->end() ? null : *found;
}

}  // namespace normscope
