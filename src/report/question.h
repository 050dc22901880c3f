#pragma once

#include <string>

#include "normscope/report.h"

namespace normscope {

/// What the run's first statistic is asked: "Does the norm of the [CLS] embedding encode …?"
std::string question(const Manifest& manifest);

}  // namespace normscope
