#include "corpus/unit_filter.h"

#include "text/utf8.h"
#include "text/words.h"

namespace normscope {

UnitFilter::UnitFilter(const CorpusOptions& options) : min_words_(options.min_words) {
  if (options.dedup) seen_.emplace();
}

bool UnitFilter::passes(std::string_view unit) {
  ++counts_.read;
  if (!is_utf8(unit)) {
    ++counts_.invalid;
  } else if (is_blank(unit)) {
    ++counts_.empty;
  } else if (min_words_ > 1 && count_words(unit, min_words_) < min_words_) {
    ++counts_.too_few_words;
  } else if (seen_ && !seen_->insert(unit)) {
    ++counts_.duplicates;
  } else {
    return true;
  }
  return false;
}

}  // namespace normscope
