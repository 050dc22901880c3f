#pragma once

#include "normscope/analysis.h"

namespace normscope {

/// Sets `verdict` and `verdict_text` from the other fields.
void reach_verdict(Analysis& analysis);

}  // namespace normscope
