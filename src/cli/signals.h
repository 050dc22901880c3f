#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

namespace normscope::cli {

/// Turns SIGINT and SIGTERM into a stop request, and says so at once; a second one ends the program
/// at once. Create it before any other thread, because threads inherit that the signals are
/// blocked.
class SignalStop {
 public:
  SignalStop();
  ~SignalStop();
  SignalStop(const SignalStop&) = delete;
  SignalStop& operator=(const SignalStop&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  /// The signal that arrived; 0 if none has.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  std::stop_source source_;
  std::atomic<int> signal_ = 0;
  std::jthread waiter_;
};

/// Runs a command that SIGINT and SIGTERM stop, and that returns whether all figures were drawn.
/// Throws Exit if it was stopped, or if figures are missing.
void run_until_stopped(const std::function<bool(const std::stop_token&)>& command);

}  // namespace normscope::cli
