#pragma once

#include "normscope/hub.h"

namespace normscope::cli {

/// Shows a download on standard error: a bar by bytes for each file, and the hub's notices. If
/// quiet, only the notices.
HubListener show_hub_progress(bool quiet);

}  // namespace normscope::cli
