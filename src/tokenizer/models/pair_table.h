#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "normscope/tokenizer.h"

namespace normscope::tokenizer {

/// What pairs of tokens are merged into, and in which order.
class PairTable {
 public:
  struct Merge {
    std::uint32_t rank = 0;
    TokenId id = 0;
  };

  /// Makes room for this many pairs.
  explicit PairTable(std::size_t pairs);

  /// Replaces the pair if it was there.
  void set(TokenId first, TokenId second, Merge merge);

  /// Null if the two are not merged.
  [[nodiscard]] const Merge* find(TokenId first, TokenId second) const {
    const Slot& slot = slots_[slot_of(first, second)];
    return slot.first < 0 ? nullptr : &slot.merge;
  }

 private:
  struct Slot {
    TokenId first = -1;
    TokenId second = -1;
    Merge merge;
  };

  // The pair's slot, or the free one where it belongs.
  [[nodiscard]] std::size_t slot_of(TokenId first, TokenId second) const {
    const std::uint64_t key = std::uint64_t{static_cast<std::uint32_t>(first)} << 32U |
                              static_cast<std::uint32_t>(second);
    constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15U;  // 2^64 by the golden ratio
    std::size_t at = (key ^ key >> 29U) * kFactor >> shift_;
    while (slots_[at].first >= 0 && (slots_[at].first != first || slots_[at].second != second)) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  unsigned shift_;
};

}  // namespace normscope::tokenizer
