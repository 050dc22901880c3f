#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/tokenizer.h"

namespace normscope::tokenizer {

/// Tokens by their bytes: finds all tokens that a text starts with in one pass.
class TokenTrie {
 public:
  /// `tokens[id]`; if a token occurs twice the last id counts, and an empty one is never found.
  explicit TokenTrie(const std::vector<std::string>& tokens);

  /// Calls visit(std::size_t bytes, TokenId) for each token that `text` starts with, the shortest
  /// first.
  template <typename Visit>
  void for_each_prefix(std::string_view text, const Visit& visit) const {
    std::uint32_t node = kRoot;
    for (std::size_t i = 0; i < text.size(); ++i) {
      node = slots_[find(node, static_cast<unsigned char>(text[i]))].child;
      if (node == kRoot) return;
      if (tokens_[node] >= 0) visit(i + 1, tokens_[node]);
    }
  }

 private:
  static constexpr std::uint32_t kRoot = 0;
  // An edge; free if the child is the root.
  struct Slot {
    std::uint32_t parent = 0;
    std::uint32_t child = kRoot;
    unsigned char byte = 0;
  };

  // The slot of an edge, or the free one where it belongs.
  [[nodiscard]] std::size_t find(std::uint32_t parent, unsigned char byte) const {
    constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15U;  // 2^64 by the golden ratio
    std::size_t at = (std::uint64_t{parent} << 8U | byte) * kFactor >> shift_;
    while (slots_[at].child != kRoot && (slots_[at].parent != parent || slots_[at].byte != byte)) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  std::vector<Slot> slots_;  // a power of two
  unsigned shift_ = 60;
  std::vector<TokenId> tokens_;  // of each node; -1 if none ends there
};

}  // namespace normscope::tokenizer
