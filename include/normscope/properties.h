// Properties: numbers that belong to the text of a measured sentence.
//
//     normscope::WordRanks ranks;
//     for (const normscope::Measurement& row : rows) ranks.add(row.text);
//     ranks.finish();
//     for (normscope::Measurement& row : rows) {
//       row.properties = normscope::property_values(row, ranks);
//     }
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "normscope/export.h"
#include "normscope/measure.h"

namespace normscope {

/// A number that belongs to the text. (A corpus may have columns with further ones.) Words are runs
/// without white space.
enum class Property {
  /// Token length.
  tokens,
  words,
  /// Unicode characters.
  characters,
  tokens_per_word,
  /// Mean and largest natural logarithm of the frequency ranks of the words in the corpus; 0 if
  /// no word has a letter or a digit.
  mean_word_rank,
  rarest_word_rank,
  /// Share of punctuation (Unicode's category P) among the characters that are not white space.
  punctuation_share,
  /// Share of upper-case letters among the letters; 0 without letters.
  capital_share,
  /// The sentence's index in the corpus.
  position,
};

/// All properties.
[[nodiscard]] NORMSCOPE_EXPORT const std::vector<Property>& properties();
/// "tokens", "words", …
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Property property);
/// The property `wanted`; throws std::invalid_argument if none has that name.
[[nodiscard]] NORMSCOPE_EXPORT Property property_named(std::string_view wanted);

/// How often each word of a corpus occurs, in lower case and without the characters around its
/// letters and digits.
class NORMSCOPE_EXPORT WordRanks {
 public:
  void add(std::string_view text);
  /// Ranks the words once all texts are added: a word's rank is 1 + the number of words that occur
  /// more often.
  void finish();

  struct Ranks {
    double mean = 0;
    double rarest = 0;
  };
  /// Mean and maximum of the natural logarithms of the ranks of the words in a text that was added.
  [[nodiscard]] Ranks of(std::string_view text) const;

 private:
  std::unordered_map<std::string, std::uint64_t> words_;
};

/// All properties of a measured sentence, in the order of properties(). Its text must have been
/// added to `ranks`.
[[nodiscard]] NORMSCOPE_EXPORT std::vector<double> property_values(const Measurement& row,
                                                                   const WordRanks& ranks);

}  // namespace normscope
