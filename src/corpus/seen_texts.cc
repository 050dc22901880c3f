#include "corpus/seen_texts.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <utility>

#include "normscope/error.h"

namespace normscope {

constexpr SeenTexts::Hash SeenTexts::kFree{};

bool SeenTexts::insert(std::string_view text) {
  const XXH128_hash_t digest = XXH3_128bits(text.data(), text.size());
  Hash hash{.low = digest.low64, .high = digest.high64};
  if (hash == kFree) hash.high = 1;
  Table& table = tables_[hash.low >> 56];
  if (8 * (table.used + 1) > 7 * table.slots.size()) {
    Table larger;
    larger.slots.resize(std::max<std::size_t>(64, 2 * table.slots.size()));
    for (const Hash& old : table.slots) {
      if (old != kFree) place(larger, old);
    }
    table = std::move(larger);
  }
  if (!place(table, hash)) return false;
  if (++size_ > most_) {
    throw Error("deduplication", fmt::format("more than {} different sentences", most_));
  }
  return true;
}

bool SeenTexts::place(Table& table, const Hash& hash) {
  const std::size_t mask = table.slots.size() - 1;
  std::size_t slot = hash.low & mask;
  while (table.slots[slot] != kFree) {
    if (table.slots[slot] == hash) return false;
    slot = (slot + 1) & mask;
  }
  table.slots[slot] = hash;
  ++table.used;
  return true;
}

}  // namespace normscope
