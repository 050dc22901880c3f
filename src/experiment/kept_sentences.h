#pragma once

#include <cstdint>
#include <string_view>

#include "normscope/measure.h"

namespace normscope {

/// What becomes of sentences that are longer than the model was asked to read: their vectors are
/// those of their first tokens.
enum class TruncatedSentences {
  /// Kept where they are at most one in a hundred of the sentences that are short enough.
  automatic,
  drop,
  keep,
};

/// "auto", "drop", "keep"
[[nodiscard]] std::string_view name(TruncatedSentences choice);
/// The choice of that name; throws std::invalid_argument where there is none.
[[nodiscard]] TruncatedSentences truncated_named(std::string_view wanted);

/// Which of the measured sentences are analysed: those with fewer tokens than `length_below`, and
/// among these the truncated ones or not.
class KeptSentences {
 public:
  KeptSentences(std::uint64_t length_below, TruncatedSentences choice)
      : length_below_(length_below), choice_(choice) {}

  /// Counts a sentence, on which the automatic choice depends.
  void count(const Measurement& row);

  /// Of the sentences counted so far: whether truncated ones are dropped.
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
