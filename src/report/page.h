#pragma once

#include <span>
#include <stop_token>
#include <string>

#include "report/extremes.h"
#include "report/stored_run.h"

namespace normscope {

/// A static figure that replaces a chart in print, and if scripts do not run.
struct Still {
  /// The name of its file, without the extension.
  std::string name;
  /// Empty if it could not be drawn.
  std::string svg;
};

/// report.html: one file that needs no network. A Content-Security-Policy allows only the scripts
/// that the program itself has put in, by hash. Throws Interrupted when `stop` is requested.
std::string page(const StoredRun& run, std::span<const Still> stills,
                 const std::stop_token& stop = {});

}  // namespace normscope
