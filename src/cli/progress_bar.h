#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace normscope::cli {

/// Shows how far a count of sentences, bytes or steps has come, on standard error: one line that is
/// drawn over on a terminal, a plain line every tenth of the way (at most one in ten seconds)
/// elsewhere, nothing if it is to be quiet.
class ProgressBar {
 public:
  /// Steps are not shown themselves: they are but shares of the way.
  enum class Unit { sentences, bytes, steps };

  ProgressBar(std::string task, bool quiet, Unit unit = Unit::sentences);
  /// Leaves the line that update() drew.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `total` may be unknown.
  void update(std::uint64_t done, std::optional<std::uint64_t> total);
  /// Of what counts as done, this much took no time here.
  void skip(std::uint64_t count) { skipped_ = count; }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::string counted(std::uint64_t done, std::optional<std::uint64_t> total,
                                    double rate) const;

  std::string task_;
  Unit unit_;
  enum class Style { none, lines, drawn } style_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_;
  std::uint64_t last_tenth_ = 0;
  std::uint64_t skipped_ = 0;
};

}  // namespace normscope::cli
