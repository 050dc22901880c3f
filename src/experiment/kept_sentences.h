#pragma once

#include <cstdint>

#include "normscope/measure.h"

namespace normscope {

/// Which of the measured sentences are analysed: those with fewer tokens than `length_below`, with
/// or without the truncated ones among these.
class KeptSentences {
 public:
  KeptSentences(std::uint64_t length_below, TruncatedSentences choice)
      : length_below_(length_below), choice_(choice) {}

  /// Counts a sentence, on which the automatic choice depends.
  void count(const Measurement& row);

  /// Whether truncated sentences are dropped, judged by those counted so far.
  [[nodiscard]] bool drops_truncated() const;

  [[nodiscard]] bool keeps(const Measurement& row) const {
    return is_short_enough(row) && !(row.truncated && drops_truncated());
  }

  [[nodiscard]] bool is_short_enough(const Measurement& row) const {
    return row.tokens < length_below_;
  }

 private:
  std::uint64_t length_below_;
  TruncatedSentences choice_;
  std::uint64_t short_enough_ = 0;
  std::uint64_t truncated_ = 0;
};

}  // namespace normscope
