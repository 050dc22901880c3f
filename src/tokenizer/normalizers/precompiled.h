#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// SentencePiece's map of characters, as `tokenizers` applies it: to extended grapheme clusters of
/// less than six bytes as a whole, else character by character. The shortest entry that a cluster
/// starts with replaces all of it, so that a mark after it may be lost.
class Precompiled {
 public:
  static constexpr std::string_view kType = "Precompiled";
  static Precompiled read(const JsonNode& node);

  /// Takes a trie in the layout of Darts and the texts that its values point to, which are valid
  /// UTF-8 and each end with a zero byte.
  Precompiled(std::vector<std::uint32_t> trie, std::string texts);

  void normalize(std::string_view text, std::string& normalized) const;

 private:
  [[nodiscard]] std::optional<std::string_view> look_up(std::string_view text) const;

  std::vector<std::uint32_t> trie_;
  std::string texts_;
  std::array<bool, 128> stays_{};  // ASCII that the map lacks
};

/// Reads the bytes that a SentencePiece model holds. Throws what fail(reason) throws.
Precompiled read_charsmap(std::string_view bytes, const JsonNode& node);

}  // namespace normscope::tokenizer
