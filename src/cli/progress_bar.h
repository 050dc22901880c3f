#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace normscope::cli {

/// Shows how far a count of sentences has come, on standard error: one line that is drawn over
/// on a terminal, a plain line every tenth of the way (at most one in ten seconds) elsewhere.
class ProgressBar {
 public:
  ProgressBar(std::string task, bool quiet);
  /// Ends the line that update() drew.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `total` may be unknown.
  void update(std::uint64_t done, std::optional<std::uint64_t> total);
  /// Of what counts as done, this many sentences took no time here.
  void skip(std::uint64_t sentences) { skipped_ += sentences; }

 private:
  using Clock = std::chrono::steady_clock;

  std::string task_;
  enum class Style { none, lines, drawn } style_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_;
  std::uint64_t last_tenth_ = 0;
  std::uint64_t skipped_ = 0;
  bool open_line_ = false;
};

}  // namespace normscope::cli
