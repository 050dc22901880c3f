#include "experiment/kept_sentences.h"

#include <stdexcept>
#include <string>

namespace normscope {
namespace {

/// More than one truncated sentence in this many, and the automatic choice drops them.
constexpr std::uint64_t kManyAreOneIn = 100;

}  // namespace

std::string_view name(TruncatedSentences choice) {
  switch (choice) {
    case TruncatedSentences::automatic:
      return "auto";
    case TruncatedSentences::drop:
      return "drop";
    case TruncatedSentences::keep:
      return "keep";
  }
  return "";
}

TruncatedSentences truncated_named(std::string_view wanted) {
  for (const TruncatedSentences choice :
       {TruncatedSentences::automatic, TruncatedSentences::drop, TruncatedSentences::keep}) {
    if (name(choice) == wanted) return choice;
  }
  throw std::invalid_argument(std::string(wanted) + " is not auto, drop or keep");
}

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
