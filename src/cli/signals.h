#pragma once

#include <atomic>
#include <functional>
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

/// Runs a command that SIGINT and SIGTERM stop, and that returns whether all figures were drawn.
/// Throws Exit where it was stopped, or where figures are missing.
void run_until_stopped(const std::function<bool(const std::stop_token&)>& command);

}  // namespace normscope::cli
