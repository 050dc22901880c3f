#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "normscope/model.h"

namespace normscope {

/// Which column a distance has in DeBERTa's tables of relative positions: the farther a key is
/// after its query, the higher.
class DistanceColumns {
 public:
  /// For all distances within `max_tokens` tokens.
  DistanceColumns(const RelativePositions& positions, std::size_t max_tokens);

  /// The column of a key that is d tokens after the query is zero()[d]. A vector load of the last
  /// ones may read past the end.
  [[nodiscard]] const std::int32_t* zero() const { return columns_.data() + reach_; }

 private:
  std::ptrdiff_t reach_;  // the largest distance between two tokens
  std::vector<std::int32_t> columns_;
};

}  // namespace normscope
