#pragma once

#include <string>

#include "report/stored_run.h"

namespace normscope {

/// One sentence that sets the primary relation beside its controls, in plain text; empty where the
/// run has none.
std::string controls_text(const StoredRun& run);

}  // namespace normscope
