#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/json_node.h"
#include "tokenizer/models/byte_tokens.h"
#include "tokenizer/models/pair_table.h"
#include "tokenizer/models/vocabulary.h"

namespace normscope::tokenizer {

struct BpeOptions {
  /// Without one, a character that the vocabulary lacks is dropped.
  std::optional<std::string> unk_token;
  /// The prefix of each character of a piece except the first; the suffix of the last.
  std::string continuing_subword_prefix;
  std::string end_of_word_suffix;
  /// Unknown neighbours become one token.
  bool fuse_unk = false;
  /// A character that the vocabulary lacks becomes its bytes' tokens, if the vocabulary has all of
  /// them.
  bool byte_fallback = false;
  /// A piece that is a token stays whole.
  bool ignore_merges = false;
};

/// Byte pair encoding (Sennrich et al. 2016), as in `tokenizers`.
class Bpe {
 public:
  static constexpr std::string_view kType = "BPE";
  static Bpe read(const JsonNode& node);

  /// `merges`: the lowest rank first. The vocabulary must hold options.unk_token.
  Bpe(Vocabulary vocabulary, PairTable merges, BpeOptions options);

  void append(std::string_view piece, std::vector<TokenId>& ids) const;

  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }
  [[nodiscard]] const PairTable& merges() const { return merges_; }

 private:
  void append_symbols(std::string_view piece, std::vector<TokenId>& symbols) const;

  Vocabulary vocabulary_;
  PairTable merges_;
  BpeOptions options_;
  ByteTokens bytes_;
  std::optional<TokenId> unknown_;
};

/// A pair of tokens that are merged.
struct MergedPair {
  std::string first;
  std::string second;
};

/// Finds the ids of pairs, the lowest rank first, and of the tokens that they become. `fail` throws
/// for a token that the vocabulary lacks.
PairTable table_of(const std::vector<MergedPair>& pairs, const Vocabulary& vocabulary,
                   std::string_view continuing_subword_prefix, const JsonNode& node);

/// Splits a line of merges.txt, or of an old tokenizer.json. Throws what node.fail throws.
MergedPair read_merge_line(std::string_view line, const JsonNode& node);

}  // namespace normscope::tokenizer
