#pragma once

#include <functional>
#include <stop_token>

namespace normscope::cli {

/// Thrown when a signal ended a command early.
struct Stopped {
  int signal;
};

/// What a command that is otherwise finished ends with: the figures could not all be drawn.
struct FiguresMissing {};

/// Runs a command that SIGINT and SIGTERM stop, and that returns whether all figures were drawn.
/// Throws Stopped or FiguresMissing, which main() turns into exit statuses.
void run_until_stopped(const std::function<bool(const std::stop_token&)>& command);

}  // namespace normscope::cli
