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

/// The content of a tokenizer's files, in the parts of tokenizer.json.
struct TokenizerParts {
  /// With the ids in the file until they are numbered.
  std::vector<AddedToken> added_tokens;
  Normalizer normalizer;
  PreTokenizer pre_tokenizer;
  Model model;
  PostProcessor post_processor;
  /// Special tokens in a text are words like any others.
  bool split_special_tokens = false;
  /// Which file decided where files disagree; one line each.
  std::vector<std::string> decisions;
  /// Lengths that files ask for, which the tokenizer itself does not follow.
  std::vector<StatedLength> stated_lengths = {};
};

}  // namespace normscope::tokenizer
