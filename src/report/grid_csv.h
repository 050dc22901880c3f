#pragma once

#include <string>

#include "normscope/study.h"

namespace normscope {

/// grid.csv (RFC 4180): a row for each statistic and property, with numbers in full, empty if there
/// is none.
std::string grid_csv(const Study& study);

}  // namespace normscope
