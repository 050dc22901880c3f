#pragma once

#include <string>

#include "report/run_comparison.h"

namespace normscope {

/// compare.md, to paste elsewhere: the runs, their numbers, the differences, the notes.
std::string compare_markdown(const RunComparison& comparison);

}  // namespace normscope
