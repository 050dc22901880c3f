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

/// How many ids a sentence may have, the special ones included, according to a tokenizer's file.
struct StatedLength {
  std::size_t tokens = 0;
  /// "model_max_length in tokenizer_config.json"
  std::string where;
};

/// What the tokenizer makes of one sentence.
struct Encoding {
  /// Token ids with the special ones that the template adds, such as [CLS] … [SEP].
  std::vector<TokenId> ids;
  /// Number of tokens of the whole sentence, without the special ones and with none cut off.
  std::size_t tokens = 0;
  /// True if tokens were cut off to fit `max_length`.
  bool truncated = false;
};

/// A tokenizer of the parts that `tokenizer.json` names (added tokens, normalizer, pre-tokenizer,
/// model, post-processor): WordPiece, WordLevel, BPE and Unigram. Gives exactly the ids of
/// `AutoTokenizer` in transformers 5. Immutable once built; encode() may be called from many
/// threads.
class NORMSCOPE_EXPORT Tokenizer {
 public:
  /// Reads `tokenizer.json` in the folder, or in the one that its modules.json of
  /// sentence-transformers gives to the Transformer; if there is none, `vocab.txt`, or `vocab.json`
  /// and `merges.txt`, or `spm.model`. Follows `tokenizer_config.json`, `special_tokens_map.json`,
  /// `added_tokens.json` and the `model_type` of `config.json`. Throws Error, also for an
  /// unsupported part, which it names.
  static Tokenizer from_folder(const std::filesystem::path& folder);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Tokenizes `text` (valid UTF-8) to at most `max_length` ids, the special ones included. Throws
  /// std::invalid_argument if `max_length` is less than special_tokens().
  [[nodiscard]] Encoding encode(std::string_view text, std::size_t max_length) const;

  /// Number of ids that the template adds to a single sentence (2 for [CLS] and [SEP]).
  [[nodiscard]] std::size_t special_tokens() const;

  /// One more than the largest id that encode() can give.
  [[nodiscard]] std::size_t vocabulary_size() const;

  /// Which file decided where the files disagree, one line each; empty if they agree.
  [[nodiscard]] const std::vector<std::string>& decisions() const;

  /// The lengths that tokenizer.json and tokenizer_config.json state. encode() follows neither of
  /// these, but the length that it is given.
  [[nodiscard]] const std::vector<StatedLength>& stated_lengths() const;

  /// The text of a token id; throws std::out_of_range for an id that has none.
  [[nodiscard]] const std::string& token(TokenId id) const;

 private:
  struct NORMSCOPE_HIDDEN State;
  explicit Tokenizer(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

}  // namespace normscope
