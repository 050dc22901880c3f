#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/tokenizer.h"
#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// Tokens and their ids, found by prefix hashes: the hashes of all prefixes of a word cost one
/// pass, and each is then one look-up.
class Vocabulary {
 public:
  /// FNV-1a, which can continue from a prefix's value.
  static constexpr std::uint64_t kHashStart = 0xcbf29ce484222325U;
  static constexpr std::uint64_t hash_on(std::uint64_t hash, char byte) {
    return (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  }

  /// `tokens[id]`, empty if no token has the id; a token that occurs twice has its last id. `count`
  /// of them are tokens; all if it is not given.
  explicit Vocabulary(std::vector<std::string> tokens,
                      std::optional<std::size_t> count = std::nullopt);

  /// The id of the token that is `prefix` followed by `rest` and has this hash.
  [[nodiscard]] std::optional<TokenId> find(std::uint64_t hash, std::string_view prefix,
                                            std::string_view rest) const;
  [[nodiscard]] std::optional<TokenId> find(std::string_view token) const;
  static std::uint64_t hash_of(std::string_view token);

  /// The number of tokens as the reference counts them; less than tokens().size() if ids leave
  /// gaps.
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::vector<std::string>& tokens() const { return tokens_; }
  /// In bytes.
  [[nodiscard]] std::size_t longest() const { return longest_; }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    TokenId id = -1;
  };

  std::vector<std::string> tokens_;
  std::vector<Slot> slots_;
  std::size_t longest_ = 0;
  std::size_t count_;
};

/// Reads a JSON object with tokens and their ids, which may leave gaps. Throws Error.
Vocabulary read_vocabulary(const JsonNode& node);

}  // namespace normscope::tokenizer
