#include "normscope/properties.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "text/utf8.h"
#include "text/words.h"

namespace normscope {
namespace {

void append(std::int32_t character, std::string& text) {
  char bytes[U8_MAX_LENGTH];  // NOLINT(modernize-avoid-c-arrays): what ICU's macro writes to
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, character);
  text.append(bytes, static_cast<std::size_t>(size));
}

// The word in lower case from its first letter or digit to its last; empty if it has none.
std::string bare(std::string_view word) {
  std::string folded;
  std::size_t end = 0;
  for (std::size_t i = 0; i < word.size();) {
    const std::int32_t character = next_character(word, i);
    const bool inner = u_isalnum(character) != 0;
    if (folded.empty() && !inner) continue;
    append(u_foldCase(character, U_FOLD_CASE_DEFAULT), folded);
    if (inner) end = folded.size();
  }
  folded.resize(end);
  return folded;
}

struct CharacterCounts {
  double all = 0;
  double visible = 0;
  double punctuation = 0;
  double letters = 0;
  double capitals = 0;
};

CharacterCounts count_characters(std::string_view text) {
  CharacterCounts counts;
  for (std::size_t i = 0; i < text.size();) {
    const std::int32_t character = next_character(text, i);
    ++counts.all;
    counts.visible += u_isUWhiteSpace(character) == 0 ? 1 : 0;
    counts.punctuation += u_ispunct(character) != 0 ? 1 : 0;
    counts.letters += u_isalpha(character) != 0 ? 1 : 0;
    counts.capitals += u_isupper(character) != 0 ? 1 : 0;
  }
  return counts;
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

const std::vector<Property>& properties() {
  static const std::vector<Property> all{Property::tokens,
                                         Property::words,
                                         Property::characters,
                                         Property::tokens_per_word,
                                         Property::mean_word_rank,
                                         Property::rarest_word_rank,
                                         Property::punctuation_share,
                                         Property::capital_share,
                                         Property::position};
  return all;
}

std::string_view name(Property property) {
  switch (property) {
    case Property::tokens:
      return "tokens";
    case Property::words:
      return "words";
    case Property::characters:
      return "characters";
    case Property::tokens_per_word:
      return "tokens_per_word";
    case Property::mean_word_rank:
      return "mean_word_rank";
    case Property::rarest_word_rank:
      return "rarest_word_rank";
    case Property::punctuation_share:
      return "punctuation_share";
    case Property::capital_share:
      return "capital_share";
    case Property::position:
      return "position";
  }
  return "";
}

Property property_named(std::string_view wanted) {
  for (const Property property : properties()) {
    if (name(property) == wanted) return property;
  }
  throw std::invalid_argument(std::string(wanted) + " is no property");
}

void WordRanks::add(std::string_view text) {
  for (const std::string_view word : words_of(text)) {
    if (std::string folded = bare(word); !folded.empty()) ++words_[std::move(folded)];
  }
}

void WordRanks::finish() {
  std::map<std::uint64_t, std::uint64_t, std::greater<>> words_by_count;
  for (const auto& [word, count] : words_) ++words_by_count[count];
  std::uint64_t more_often = 0;
  for (auto& [count, words] : words_by_count) {
    const std::uint64_t rank = more_often + 1;
    more_often += words;
    words = rank;
  }
  for (auto& [word, count] : words_) count = words_by_count.at(count);
}

WordRanks::Ranks WordRanks::of(std::string_view text) const {
  Ranks ranks;
  double words = 0;
  for (const std::string_view word : words_of(text)) {
    const auto found = words_.find(bare(word));
    if (found == words_.end()) continue;
    const double rank = std::log(static_cast<double>(found->second));
    ranks.mean += rank;
    ranks.rarest = std::max(ranks.rarest, rank);
    ++words;
  }
  ranks.mean = ratio(ranks.mean, words);
  return ranks;
}

std::vector<double> property_values(const Measurement& row, const WordRanks& ranks) {
  const auto words = static_cast<double>(count_words(row.text));
  const CharacterCounts counts = count_characters(row.text);
  const WordRanks::Ranks rank = ranks.of(row.text);
  std::vector<double> values;
  values.reserve(properties().size());
  for (const Property property : properties()) {
    switch (property) {
      case Property::tokens:
        values.push_back(row.tokens);
        break;
      case Property::words:
        values.push_back(words);
        break;
      case Property::characters:
        values.push_back(counts.all);
        break;
      case Property::tokens_per_word:
        values.push_back(ratio(row.tokens, words));
        break;
      case Property::mean_word_rank:
        values.push_back(rank.mean);
        break;
      case Property::rarest_word_rank:
        values.push_back(rank.rarest);
        break;
      case Property::punctuation_share:
        values.push_back(ratio(counts.punctuation, counts.visible));
        break;
      case Property::capital_share:
        values.push_back(ratio(counts.capitals, counts.letters));
        break;
      case Property::position:
        values.push_back(static_cast<double>(row.index));
        break;
    }
  }
  return values;
}

}  // namespace normscope
