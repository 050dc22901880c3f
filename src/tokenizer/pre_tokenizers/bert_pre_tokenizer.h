#pragma once

#include <cstddef>
#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"
#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

/// Words end at white space, which is removed, and around punctuation, which becomes words of one
/// character.
struct BertPreTokenizer {
  static constexpr std::string_view kType = "BertPreTokenizer";
  static BertPreTokenizer read(const JsonNode& /*node*/) { return {}; }

  void split(std::string_view text, Pieces& pieces) const;

  /// Calls visit(std::string_view) for each word of `text` (valid UTF-8).
  template <typename Visit>
  static void for_each_word(std::string_view text, const Visit& visit) {
    std::size_t word = 0;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t start = i;
      const std::uint32_t properties = unicode::properties(unicode::next(text, i));
      if ((properties & (unicode::kSpace | unicode::kPunctuation)) == 0) {
        if (i < text.size()) continue;
        visit(text.substr(word));
        break;
      }
      if (start > word) visit(text.substr(word, start - word));
      if ((properties & unicode::kSpace) == 0) visit(text.substr(start, i - start));
      word = i;
    }
  }
};

}  // namespace normscope::tokenizer
