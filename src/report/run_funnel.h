#pragma once

#include <nlohmann/json.hpp>

#include "report/stored_run.h"

namespace normscope {

/// Of the primary statistic along the primary property, as in the grid; without a grid, along the
/// tokens, from the table. An empty array where there are too few sentences.
nlohmann::json run_funnel(const StoredRun& run);

}  // namespace normscope
