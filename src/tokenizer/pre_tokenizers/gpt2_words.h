#pragma once

#include <cstddef>
#include <string_view>

namespace normscope::tokenizer {

/// Where the word ends that begins at `begin` of `text` (valid UTF-8), by GPT-2's regular
/// expression:
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::size_t gpt2_word_end(std::string_view text, std::size_t begin);

}  // namespace normscope::tokenizer
