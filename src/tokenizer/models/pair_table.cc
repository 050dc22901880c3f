#include "tokenizer/models/pair_table.h"

#include <algorithm>
#include <bit>

namespace normscope::tokenizer {

PairTable::PairTable(std::size_t pairs)
    : slots_(std::bit_ceil(std::max<std::size_t>(16, 2 * pairs))),
      shift_(64U - static_cast<unsigned>(std::countr_zero(slots_.size()))) {}

void PairTable::set(TokenId first, TokenId second, Merge merge) {
  slots_[slot_of(first, second)] = {.first = first, .second = second, .merge = merge};
}

}  // namespace normscope::tokenizer
