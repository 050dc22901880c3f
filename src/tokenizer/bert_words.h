#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tokenizer/normalizers/bert_normalizer.h"
#include "tokenizer/pre_tokenizers/bert_pre_tokenizer.h"

namespace normscope::tokenizer {

/// BertNormalizer and BertPreTokenizer in one pass over the text: the same words, many times faster
/// if the text is ASCII.
class BertWords {
 public:
  explicit BertWords(const BertNormalizer& normalizer);

  /// Calls visit(std::string_view) for each word of `text` (valid UTF-8).
  template <typename Visit>
  void for_each(std::string_view text, const Visit& visit) const {
    if (is_ascii(text)) return for_each_in_ascii(text, visit);
    // Normalization does not look beyond a space, so each stretch between spaces can be handled by
    // itself, and most are ASCII.
    std::string normalized;
    while (!text.empty()) {
      const std::string_view stretch = text.substr(0, text.find(' '));
      text.remove_prefix(std::min(text.size(), stretch.size() + 1));
      if (is_ascii(stretch)) {
        for_each_in_ascii(stretch, visit);
      } else {
        normalized.clear();
        normalizer_.normalize(stretch, normalized);
        BertPreTokenizer::for_each_word(normalized, visit);
      }
    }
  }

 private:
  // What happens to an ASCII character.
  struct AsciiRule {
    enum Kind : std::uint8_t { letter, punctuation, space, dropped };
    Kind kind = letter;
    char normalized = 0;
  };

  static bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text) all |= static_cast<unsigned char>(c);
    return all < 0x80;
  }

  template <typename Visit>
  void for_each_in_ascii(std::string_view text, const Visit& visit) const {
    std::string word;
    const auto end_word = [&] {
      if (word.empty()) return;
      visit(std::string_view(word));
      word.clear();
    };
    for (const char c : text) {
      const AsciiRule& rule = ascii_[static_cast<unsigned char>(c)];
      switch (rule.kind) {
        case AsciiRule::letter:
          word += rule.normalized;
          break;
        case AsciiRule::punctuation:
          end_word();
          visit(std::string_view(&rule.normalized, 1));
          break;
        case AsciiRule::space:
          end_word();
          break;
        case AsciiRule::dropped:
          break;
      }
    }
    end_word();
  }

  BertNormalizer normalizer_;
  std::array<AsciiRule, 128> ascii_{};
};

}  // namespace normscope::tokenizer
