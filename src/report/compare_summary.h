#pragma once

#include <string>

#include "report/run_comparison.h"

namespace normscope {

/// For the terminal: the runs, their numbers and differences, in blocks of at most 100 columns.
std::string compare_summary(const RunComparison& comparison);

}  // namespace normscope
