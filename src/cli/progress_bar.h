#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace normscope::cli {

/// Shows on standard error how far a count of sentences, bytes or steps has come: on a terminal one
/// line that is redrawn, elsewhere a plain line every tenth of the way (at most one every ten
/// seconds), and nothing if `quiet`.
class ProgressBar {
 public:
  /// Steps are not shown as numbers: they are only shares of the way.
  enum class Unit { sentences, bytes, steps };

  ProgressBar(std::string task, bool quiet, Unit unit = Unit::sentences);
  /// Leaves the line that update() drew.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `total` may be unknown.
  void update(std::uint64_t done, std::optional<std::uint64_t> total);
  /// How much of what counts as done took no time here.
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
