#pragma once

#include <string>

#include "report/stored_run.h"

namespace normscope {

/// report.md, to paste elsewhere: the verdict, the main numbers, how they were made.
std::string markdown(const StoredRun& run);

}  // namespace normscope
