#include "tokenizer/word_cache.h"

#include <algorithm>
#include <atomic>

namespace normscope::tokenizer {

WordCache::WordCache() {
  static std::atomic<std::uint32_t> last{0};
  owner_ = ++last;
}

WordCache::Entry& WordCache::entry_of(std::string_view word) {
  thread_local std::vector<Entry> entries(kEntries);
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15U;  // 2^64 by the golden ratio
  std::uint64_t hash = word.size();
  while (!word.empty()) {
    std::uint64_t eight = 0;
    const std::size_t bytes = std::min(word.size(), sizeof eight);
    std::memcpy(&eight, word.data(), bytes);
    hash = (hash ^ eight) * kFactor;
    hash ^= hash >> 32U;
    word.remove_prefix(bytes);
  }
  return entries[hash % kEntries];
}

}  // namespace normscope::tokenizer
