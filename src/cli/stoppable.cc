#include "cli/stoppable.h"

#include "cli/signals.h"
#include "normscope/error.h"

namespace normscope::cli {

void run_until_stopped(const std::function<bool(const std::stop_token&)>& command) {
  const SignalStop signals;
  try {
    if (!command(signals.token())) throw FiguresMissing();
  } catch (const Interrupted&) {
    throw Stopped{signals.signal()};
  }
}

}  // namespace normscope::cli
