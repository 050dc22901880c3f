#include "tokenizer/pre_tokenizers/gpt2_words.h"

#include <cstdint>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {
namespace {

constexpr std::uint32_t kKinds = unicode::kLetter | unicode::kNumber | unicode::kSpace;

std::uint32_t kind_at(std::string_view text, std::size_t& i) {
  return unicode::properties(unicode::next(text, i)) & kKinds;
}

}  // namespace

std::size_t gpt2_word_end(std::string_view text, std::size_t begin) {
  if (text[begin] == '\'') {
    for (const std::string_view ending : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
      if (text.substr(begin).starts_with(ending)) return begin + ending.size();
    }
  }
  std::size_t end = begin;
  std::uint32_t kind = kind_at(text, end);
  if (kind == unicode::kSpace) {
    std::size_t after = end;
    const bool before_word =
        text[begin] == ' ' && end < text.size() && (kind = kind_at(text, after)) != unicode::kSpace;
    if (!before_word) {
      // All white space at the end of the text; before a word, its last character belongs to the
      // word.
      std::size_t last = begin;
      while (end < text.size()) {
        after = end;
        if (kind_at(text, after) != unicode::kSpace) return last > begin ? last : end;
        last = end;
        end = after;
      }
      return end;
    }
    end = after;
  }
  while (end < text.size()) {
    std::size_t after = end;
    if (kind_at(text, after) != kind) break;
    end = after;
  }
  return end;
}

}  // namespace normscope::tokenizer
