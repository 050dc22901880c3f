#pragma once

#include <functional>
#include <stop_token>

namespace normscope::cli {

/// Runs a command that SIGINT and SIGTERM stop, and that returns whether all figures were drawn.
/// Throws Exit where it was stopped, or where figures are missing.
void run_until_stopped(const std::function<bool(const std::stop_token&)>& command);

}  // namespace normscope::cli
