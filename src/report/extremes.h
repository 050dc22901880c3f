#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/stored_run.h"

namespace normscope {

struct ExtremeSentence {
  std::string text;
  /// Index of the first sentence with this text.
  double tokens = 0;
  double value = 0;
  /// Statistic minus the line's value.
  double residual = 0;
  /// Number of sentences with this text among the extreme ones.
  std::uint64_t times = 1;
};

struct Extremes {
  std::string title;
  std::vector<ExtremeSentence> sentences;
};

/// The sentences with the largest and the smallest first statistic and, if there is a line,
/// residuals, without the lists that would show nearly the same sentences as another; a text that
/// occurs several times is listed once. Texts are safe to show (printable.h) and not long.
std::vector<Extremes> extreme_sentences(const StoredRun& run);

}  // namespace normscope
