#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "tokenizer/pre_tokenizers/split_behavior.h"
#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

/// Each character of `text` (valid UTF-8) with the flag is a match of its own.
inline std::vector<Stretch> character_stretches(std::string_view text, unicode::Flag flag) {
  std::vector<Stretch> stretches;
  for (std::size_t i = 0; i < text.size();) {
    const bool match = unicode::has(unicode::next(text, i), flag);
    if (match || stretches.empty() || stretches.back().match) {
      stretches.push_back({.end = i, .match = match});
    } else {
      stretches.back().end = i;
    }
  }
  return stretches;
}

}  // namespace normscope::tokenizer
