#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tokenizer/added_tokens.h"
#include "tokenizer/normalizers/precompiled.h"

namespace normscope::tokenizer {

/// The content of a SentencePiece model of the kind Unigram.
struct SentencePieceModel {
  std::vector<std::string> pieces;
  std::vector<double> scores;
  TokenId unknown = 0;
  /// Pieces that are found in the text itself: control symbols, which are special, and the user's.
  std::vector<AddedToken> added_tokens;
  std::optional<Precompiled> characters;
};

/// Reads a file that SentencePiece wrote, up to 64 MiB. Throws Error.
SentencePieceModel read_sentencepiece_model(const std::filesystem::path& file);

}  // namespace normscope::tokenizer
