#pragma once

#include <string>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/added_tokens.h"
#include "tokenizer/models/model.h"
#include "tokenizer/normalizers/normalizer.h"
#include "tokenizer/post_processors/post_processor.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace normscope::tokenizer {

/// What a tokenizer's files say, in the parts of tokenizer.json.
struct TokenizerParts {
  /// With the ids that the file writes until they are numbered.
  std::vector<AddedToken> added_tokens;
  Normalizer normalizer;
  PreTokenizer pre_tokenizer;
  Model model;
  PostProcessor post_processor;
  /// Special tokens in a text are words like others.
  bool split_special_tokens = false;
  /// Where files disagree, which of them decided; one line each.
  std::vector<std::string> decisions;
  /// Lengths that files ask for and nothing here follows.
  std::vector<StatedLength> stated_lengths = {};
};

}  // namespace normscope::tokenizer
