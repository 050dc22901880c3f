#pragma once

#include <cstdint>
#include <vector>

#include "experiment/kept_sentences.h"
#include "normscope/measure.h"
#include "normscope/results.h"

namespace normscope {

/// Looks at a growing sample, shard by shard, whether R² is known well enough: whether its
/// interval, at the confidence that allows for all the looks, is narrower than was asked for.
class EarlyStopping {
 public:
  /// `sizes`: of the sample at each look. Writes into `stop`, which must outlive it.
  EarlyStopping(const std::vector<std::uint64_t>& sizes, const KeptSentences& kept,
                EarlyStop& stop);

  /// Whether to stop after these rows, the next shard's.
  bool look(std::vector<Measurement> rows);

 private:
  KeptSentences kept_;
  EarlyStop& stop_;
  std::vector<Measurement> rows_;
};

}  // namespace normscope
