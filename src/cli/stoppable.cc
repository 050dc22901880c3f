#include "cli/stoppable.h"

#include "cli/exit_status.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "normscope/error.h"

namespace normscope::cli {

void run_until_stopped(const std::function<bool(const std::stop_token&)>& command) {
  const SignalStop signals;
  try {
    if (!command(signals.token())) throw Exit{kFiguresMissing};
  } catch (const Interrupted&) {
    say("normscope: stopped; the same command goes on\n");
    throw Exit{128 + signals.signal()};
  }
}

}  // namespace normscope::cli
