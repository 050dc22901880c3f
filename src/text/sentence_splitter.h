#pragma once

#include <unicode/brkiter.h>

#include <memory>
#include <string_view>
#include <vector>

namespace normscope {

/// Splits English prose into sentences: ICU's sentence boundaries (Unicode, annex 29) with its
/// suppressions for abbreviations, without the boundaries that a reader would not accept, namely
/// - after a title or another abbreviation ("Dr. Grant", "i.e. Kropotkin", "p. 47"),
/// - after initials ("J. R. Smith", "G.D.H. Cole"), unless a word such as "The" follows,
/// - after "I.", but only if it follows another initial or a bracket,
/// - after the number of a list's item or of a heading ("1. Land", "CHAPTER 75. The Head"),
/// - before a lower-case letter (`"Is it so?" cried his wife.`, "Oh! no").
class SentenceSplitter {
 public:
  /// Throws Error when ICU's data is missing.
  SentenceSplitter();

  /// The sentences of `paragraph`, in order, without the white space between them: views into it,
  /// valid until the next call. Bytes that are not UTF-8 are kept. The paragraph must be shorter
  /// than 2 GiB. Throws Error when ICU fails.
  const std::vector<std::string_view>& split(std::string_view paragraph);

 private:
  std::unique_ptr<icu::BreakIterator> boundaries_;
  std::vector<std::string_view> sentences_;
};

}  // namespace normscope
