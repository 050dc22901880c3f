#include "corpus/memory_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "normscope/error.h"

namespace normscope {

MemoryReader::MemoryReader(const TextsInMemory& corpus,
                           const std::vector<std::string>& number_columns)
    : texts_(corpus.texts), row_(number_columns.size()) {
  for (const std::string& name : number_columns) {
    const auto found = std::ranges::find(corpus.columns, name, &TextsInMemory::Column::name);
    if (found == corpus.columns.end()) throw Error(kTextsInMemory, "have no column " + name);
    if (found->numbers.size() != texts_.size()) {
      throw Error(kTextsInMemory, "column " + name,
                  fmt::format("has {} numbers for {} texts", found->numbers.size(), texts_.size()));
    }
    columns_.push_back(found->numbers);
  }
}

bool MemoryReader::next(std::string_view& text) {
  if (next_ == texts_.size()) return false;
  text = texts_[next_];
  // With the length, two texts cannot have the hash of one.
  hash_.update(fmt::format("{} ", text.size()));
  hash_.update(text);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    row_[i] = columns_[i][next_];
    const double number = std::isnan(row_[i]) ? std::numeric_limits<double>::quiet_NaN() : row_[i];
    hash_.update(fmt::format(" {:016x}", std::bit_cast<std::uint64_t>(number)));
  }
  ++next_;
  return true;
}

std::string MemoryReader::place() const { return fmt::format("text {}", next_); }

}  // namespace normscope
