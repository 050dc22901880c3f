#include "cli/signals.h"

#include <unistd.h>

#include <csignal>
#include <ctime>

#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "normscope/error.h"

namespace normscope::cli {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

SignalStop::SignalStop() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::jthread([this, set](const std::stop_token& end) {
    while (!end.stop_requested()) {
      const timespec tick{.tv_sec = 0, .tv_nsec = 50'000'000};
      const int signal = sigtimedwait(&set, nullptr, &tick);
      if (signal <= 0) continue;
      if (signal_ != 0) _exit(128 + signal);
      signal_ = signal;
      source_.request_stop();
      say_unless_blocked(
          "normscope: stopping; what is measured is kept. A second signal stops at once.\n");
    }
  });
}

SignalStop::~SignalStop() { waiter_.request_stop(); }

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
