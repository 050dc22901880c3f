#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace normscope {

/// Which texts have been seen, by 128-bit hashes (XXH3): two different texts are taken for one with
/// a probability below 1e-21 for a hundred million. Takes 18 to 37 bytes for each different text,
/// and 2 GiB at most.
class SeenTexts {
 public:
  /// Just below seven eighths of 2^27 slots: even the fullest table then has not doubled once more.
  static constexpr std::size_t kMost = 115'000'000;

  explicit SeenTexts(std::size_t most = kMost) : most_(most) {}

  /// Adds the text; returns whether it is new. Throws Error if there are then more than `most`.
  bool insert(std::string_view text);

 private:
  struct Hash {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool operator==(const Hash&) const = default;
  };
  static const Hash kFree;
  /// Open addressing with linear probing. Many small tables instead of a large one: while one
  /// grows, only its own hashes are in memory twice.
  struct Table {
    std::vector<Hash> slots;
    std::size_t used = 0;
  };

  static bool place(Table& table, const Hash& hash);

  std::array<Table, 256> tables_;
  std::size_t most_;
  std::size_t size_ = 0;
};

}  // namespace normscope
