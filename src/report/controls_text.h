#pragma once

#include <string>

#include "normscope/study.h"

namespace normscope {

/// One sentence that compares the first relation with its controls, in plain text; empty if the run
/// has none.
std::string controls_text(const Study& study);

}  // namespace normscope
