#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/json_node.h"
#include "tokenizer/models/token_trie.h"
#include "tokenizer/models/vocabulary.h"
#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

/// A token that is found in the text itself, before the pre-tokenizer splits the text.
struct AddedToken {
  std::string content;
  TokenId id = 0;
  /// Found only if there is no word character next to it.
  bool single_word = false;
  /// Includes the white space on its left or right.
  bool lstrip = false;
  bool rstrip = false;
  /// Found in the normalized text, with its content normalized too; others are found in the text as
  /// it is.
  bool normalized = false;
  /// Not found if the settings split special tokens.
  bool special = false;
};

/// The names of special tokens in the settings, in the order in which the reference adds them.
inline constexpr std::array kSpecialTokens{"bos_token", "eos_token", "unk_token", "sep_token",
                                           "pad_token", "cls_token", "mask_token"};

/// Reads one; it is special as `special` says, unless it says so itself. Throws Error.
AddedToken read_added_token(const JsonNode& node, bool special);

/// Reads tokenizer.json's "added_tokens", which may be null, with the ids in the file. Throws
/// Error.
std::vector<AddedToken> read_added_tokens(const JsonNode& node);

/// Gives each the id that the reference gives it, whatever the file says: that of the vocabulary,
/// else the next after the last added one and the vocabulary's number of tokens. If a token occurs
/// twice, the first has the id and the place, and the last says how it is found.
std::vector<AddedToken> number_added_tokens(std::vector<AddedToken> tokens,
                                            const Vocabulary& vocabulary);

/// One more than the largest id.
std::size_t vocabulary_size_with(const Vocabulary& vocabulary, std::span<const AddedToken> added);

/// Finds added tokens, leftmost and then longest first, as `tokenizers` does.
class AddedTokens {
 public:
  /// A stretch of text: an added token, or the text between two.
  struct Segment {
    std::string_view text;
    /// Null between tokens.
    const AddedToken* token = nullptr;
  };

  explicit AddedTokens(std::vector<AddedToken> tokens = {});

  /// Cuts `text` (valid UTF-8) into segments; calls visit(Segment) for each, from left to right.
  template <typename Visit>
  void split(std::string_view text, const Visit& visit) const {
    std::size_t covered = 0;
    // The end of the last run of white space that was included, so that none is read twice.
    std::size_t run_end = 0;
    for (std::size_t i = 0; i < text.size();) {
      const AddedToken* token =
          starts_[static_cast<unsigned char>(text[i])] ? longest_at(text.substr(i)) : nullptr;
      if (token == nullptr) {
        ++i;
        continue;
      }
      std::size_t begin = i;
      std::size_t end = i + token->content.size();
      i = end;
      if (token->single_word && !stands_alone(text, begin, end)) continue;
      if (begin < covered) {
        if (token->lstrip) begin = covered;
      } else if (token->lstrip) {
        begin -= unicode::spaces_at_end(text.substr(covered, begin - covered));
      }
      if (token->rstrip) {
        if (end >= run_end) run_end = end + unicode::spaces_at_start(text.substr(end));
        end = run_end;
      }
      end = std::max(begin, end);
      if (covered < begin) visit(Segment{text.substr(covered, begin - covered), nullptr});
      visit(Segment{text.substr(begin, end - begin), token});
      covered = end;
    }
    if (covered < text.size()) visit(Segment{text.substr(covered), nullptr});
  }

 private:
  [[nodiscard]] const AddedToken* longest_at(std::string_view text) const;
  static bool stands_alone(std::string_view text, std::size_t begin, std::size_t end);

  std::vector<AddedToken> tokens_;
  TokenTrie trie_;
  std::array<bool, 256> starts_{};  // the bytes that a token starts with
};

}  // namespace normscope::tokenizer
