#pragma once

#include <string>

#include "report/stored_run.h"

namespace normscope {

/// grid.csv (RFC 4180): a row for each statistic and property, numbers in full, empty where there
/// is none. The run has a grid.
std::string grid_csv(const StoredRun& run);

}  // namespace normscope
