#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/added_tokens.h"
#include "tokenizer/normalizer.h"
#include "tokenizer/wordpiece.h"

namespace normscope {

/// What a tokenizer's files say.
struct TokenizerSettings {
  NormalizerOptions normalizer;
  /// tokens[id]; ids that nothing has are empty.
  std::vector<std::string> vocabulary;
  WordPieceOptions word_piece;
  /// Found in the raw text.
  std::vector<AddedToken> added;
  /// Found in the normalized text, in which their content is normalized too.
  std::vector<AddedToken> added_normalized;
  /// What the template puts around a sentence.
  std::vector<TokenId> before;
  std::vector<TokenId> after;
  /// One more than the largest id.
  std::size_t size = 0;
};

/// Reads tokenizer.json. Throws Error.
TokenizerSettings read_tokenizer_json(const std::filesystem::path& file);

/// Reads vocab.txt and, where it is there, tokenizer_config.json, as BertTokenizerFast of
/// transformers does. Throws Error.
TokenizerSettings read_vocabulary(const std::filesystem::path& folder);

}  // namespace normscope
