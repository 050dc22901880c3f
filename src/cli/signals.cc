#include "cli/signals.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>

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
    }
  });
}

SignalStop::~SignalStop() { waiter_.request_stop(); }

}  // namespace normscope::cli
