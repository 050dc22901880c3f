#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "normscope/tokenizer.h"

namespace normscope::tokenizer {

/// The ids of words that a tokenizer has seen recently, half a megabyte per thread. Many tokenizers
/// can share a thread's cache.
class WordCache {
 public:
  WordCache();
  WordCache(const WordCache&) = delete;
  WordCache& operator=(const WordCache&) = delete;

  /// Appends the ids of `word`; make() appends them if the word is not in the cache.
  template <typename Make>
  void append(std::string_view word, std::vector<TokenId>& ids, const Make& make) const {
    if (word.size() > kLongestWord) return make();
    Entry& entry = entry_of(word);
    if (entry.owner == owner_ && entry.size == word.size() &&
        std::memcmp(entry.word.data(), word.data(), word.size()) == 0) {
      ids.insert(ids.end(), entry.ids.begin(), entry.ids.begin() + entry.count);
      return;
    }
    const std::size_t before = ids.size();
    make();
    const std::size_t count = ids.size() - before;
    if (count > kMostIds) return;
    entry.owner = owner_;
    entry.size = static_cast<std::uint8_t>(word.size());
    entry.count = static_cast<std::uint8_t>(count);
    std::memcpy(entry.word.data(), word.data(), word.size());
    std::memcpy(entry.ids.data(), ids.data() + before, count * sizeof(TokenId));
  }

 private:
  static constexpr std::size_t kEntries = 8192;
  static constexpr std::size_t kLongestWord = 32;
  static constexpr std::size_t kMostIds = 6;
  struct Entry {
    std::uint32_t owner = 0;  // of none
    std::uint8_t size = 0;
    std::uint8_t count = 0;
    std::array<char, kLongestWord> word;
    std::array<TokenId, kMostIds> ids;
  };

  static Entry& entry_of(std::string_view word);

  std::uint32_t owner_;
};

}  // namespace normscope::tokenizer
