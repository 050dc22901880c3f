#pragma once

#include <string>

#include "normscope/results.h"

namespace normscope {

/// What truncated sentences mean for the verdict: a sentence that begins with a space, or nothing
/// if all sentences that could be analysed were read whole.
std::string truncation_text(const Manifest& manifest);

}  // namespace normscope
