#pragma once

#include <chrono>

namespace normscope {

/// Measures wall time, lap by lap.
class Stopwatch {
 public:
  /// Seconds since the last call, or since the stopwatch was created.
  double lap() {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
};

}  // namespace normscope
