// The tokenizer: from text to token ids, the same that Hugging Face's `tokenizers` gives.
//
//     const auto tokenizer = normscope::Tokenizer::from_folder("all-MiniLM-L6-v2");
//     const normscope::Encoding encoding = tokenizer.encode("Hello there.", 512);
//     for (const normscope::TokenId id : encoding.ids) std::cout << tokenizer.token(id) << ' ';
//     // [CLS] hello there . [SEP]
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/export.h"

namespace normscope {

using TokenId = std::int32_t;

/// What the tokenizer makes of one sentence.
struct Encoding {
  /// Token ids with the special ones that the template adds, e.g. [CLS] … [SEP].
  std::vector<TokenId> ids;
  /// Tokens of the whole sentence, the special ones not counted and none cut off.
  std::size_t tokens = 0;
  /// True where tokens were cut off to fit `max_length`.
  bool truncated = false;
};

/// A tokenizer of the parts that `tokenizer.json` names (added tokens, normalizer, pre-tokenizer,
/// model, post-processor), id for id what Hugging Face `tokenizers` gives: BERT's and some others.
/// Immutable once built; encode() may be called from many threads.
class NORMSCOPE_EXPORT Tokenizer {
 public:
  /// Reads `folder/tokenizer.json`, or where there is none `folder/vocab.txt` with the settings of
  /// `folder/tokenizer_config.json`. Throws Error, also for a part that is not supported (BPE,
  /// Unigram …), which it names.
  static Tokenizer from_folder(const std::filesystem::path& folder);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Tokenizes `text` (valid UTF-8) to at most `max_length` ids, the special ones included. Throws
  /// std::invalid_argument where `max_length` is less than special_tokens().
  [[nodiscard]] Encoding encode(std::string_view text, std::size_t max_length) const;

  /// Number of ids that the template adds to a single sentence (2 for [CLS] and [SEP]).
  [[nodiscard]] std::size_t special_tokens() const;

  /// One more than the largest id that encode() can give.
  [[nodiscard]] std::size_t vocabulary_size() const;

  /// The text of a token id; throws std::out_of_range for an id that has none.
  [[nodiscard]] const std::string& token(TokenId id) const;

 private:
  struct NORMSCOPE_HIDDEN State;
  explicit Tokenizer(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace normscope
