#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/stored_run.h"

namespace normscope {

/// How well a linear probe of a layer's vectors tells the length, held out.
struct ProbeNumber {
  std::uint64_t layer = 0;
  std::string readout;
  /// An estimate; lives as long as the run.
  const nlohmann::json* r_squared = nullptr;
};

/// As results.json has them.
std::vector<ProbeNumber> probe_numbers(const StoredRun& run);

/// The threshold rule of the primary statistic for the length in tokens, or null.
const nlohmann::json& threshold_of(const StoredRun& run);

}  // namespace normscope
