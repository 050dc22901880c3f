#pragma once

#include <string>

#include "normscope/results.h"

namespace normscope {

/// What a sample that is not uniform means for the numbers, in plain text; empty for one that is.
std::string sample_text(const Manifest& manifest);

}  // namespace normscope
