#pragma once

#include <span>
#include <stop_token>
#include <string>

#include "report/extremes.h"
#include "report/stored_run.h"

namespace normscope {

/// A static figure that stands in for a chart: in print, and where there is no script.
struct Still {
  /// Of its file, without the extension.
  std::string name;
  /// Empty if it could not be drawn.
  std::string svg;
};

/// report.html: one file that asks the network for nothing. A Content-Security-Policy lets nothing
/// run but the scripts that the program itself put in, by hash. Throws Interrupted when `stop` is
/// requested.
std::string page(const StoredRun& run, std::span<const Still> stills,
                 const std::stop_token& stop = {});

}  // namespace normscope
