#include "tokenizer/models/token_trie.h"

#include <utility>

namespace normscope::tokenizer {

TokenTrie::TokenTrie(const std::vector<std::string>& tokens) : slots_(16), tokens_{-1} {
  const auto grow = [&] {
    std::vector<Slot> old(2 * slots_.size());
    std::swap(old, slots_);
    --shift_;
    for (const Slot& slot : old) {
      if (slot.child != kRoot) slots_[find(slot.parent, slot.byte)] = slot;
    }
  };
  for (std::size_t id = 0; id < tokens.size(); ++id) {
    if (tokens[id].empty()) continue;
    std::uint32_t node = kRoot;
    for (const char c : tokens[id]) {
      const auto byte = static_cast<unsigned char>(c);
      std::size_t at = find(node, byte);
      if (slots_[at].child == kRoot) {
        if (2 * tokens_.size() >= slots_.size()) {
          grow();
          at = find(node, byte);
        }
        slots_[at] = {
            .parent = node, .child = static_cast<std::uint32_t>(tokens_.size()), .byte = byte};
        tokens_.push_back(-1);
      }
      node = slots_[at].child;
    }
    tokens_[node] = static_cast<TokenId>(id);
  }
}

}  // namespace normscope::tokenizer
