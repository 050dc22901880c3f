#include "cli/signals.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "cli/terminal.h"
#include "normscope/mapped_files.h"

namespace normscope::cli {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// Only what a signal handler may call.
void write_error(const char* text) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
}

void on_bus_error(int signal, siginfo_t* info, void*) {
  const char* file = mapped_file_at(info->si_addr);
  if (file == nullptr) {
    // None of ours: as if there were no handler, once the instruction is tried again.
    ::signal(signal, SIG_DFL);
    return;
  }
  write_error("normscope: ");
  write_error(file);
  write_error(": was cut short, or could not be read, while it was in use\n");
  _exit(1);
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

void explain_truncated_files() {
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace normscope::cli
