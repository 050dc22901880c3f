#pragma once

#include <unicode/brkiter.h>

#include <memory>
#include <string_view>
#include <vector>

namespace normscope {

/// Splits English prose into sentences: ICU's sentence boundaries (Unicode, annex 29) with its
/// suppressions for abbreviations, less those boundaries that a reader would not accept, namely
/// - after a title or another abbreviation ("Dr. Grant", "i.e. Kropotkin", "p. 47"),
/// - after an initial ("J. R. Smith"; "I" counts as one only after another),
/// - after the number of a list's item ("1. Land"),
/// - before a lower-case letter (`"Is it so?" cried his wife.`, "Oh! no").
class SentenceSplitter {
 public:
  /// Throws Error when ICU's data is missing.
  SentenceSplitter();

  /// The sentences of `paragraph`, in order, without the white space between them: views into it,
  /// valid until the next call. Bytes that are not UTF-8 stay where they are. The paragraph must be
  /// shorter than 2 GiB. Throws Error when ICU fails.
  const std::vector<std::string_view>& split(std::string_view paragraph);

 private:
  std::unique_ptr<icu::BreakIterator> boundaries_;
  std::vector<std::string_view> sentences_;
};

}  // namespace normscope
