#include "experiment/kept_sentences.h"

namespace normscope {
namespace {

/// If more than one in this many sentences is truncated, the automatic choice drops them.
constexpr std::uint64_t kManyAreOneIn = 100;

}  // namespace

void KeptSentences::count(const Measurement& row) {
  if (!is_short_enough(row)) return;
  ++short_enough_;
  truncated_ += row.truncated ? 1 : 0;
}

bool KeptSentences::drops_truncated() const {
  if (choice_ != TruncatedSentences::automatic) return choice_ == TruncatedSentences::drop;
  return truncated_ * kManyAreOneIn > short_enough_;
}

}  // namespace normscope
