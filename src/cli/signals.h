#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace normscope::cli {

/// Turns SIGINT and SIGTERM into a stop request, and says so at once; a second one ends the program
/// on the spot. Make it before any other thread, since threads inherit that the signals are
/// blocked.
class SignalStop {
 public:
  SignalStop();
  ~SignalStop();
  SignalStop(const SignalStop&) = delete;
  SignalStop& operator=(const SignalStop&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  /// The signal that came, 0 for none.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  std::stop_source source_;
  std::atomic<int> signal_ = 0;
  std::jthread waiter_;
};

/// From now on a mapped file that is cut short while it is being read ends the program with a line
/// that names it, instead of a bare SIGBUS.
void explain_truncated_files();

}  // namespace normscope::cli
