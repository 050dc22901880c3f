#pragma once

#include <cstdint>
#include <vector>

#include "experiment/kept_sentences.h"
#include "normscope/measure.h"
#include "normscope/results.h"

namespace normscope {

/// Checks on a growing sample, shard by shard, whether R² is known well enough: whether its
/// interval, at the confidence that allows for all the looks, is narrower than the wanted width.
class EarlyStopping {
 public:
  /// `sizes`: the size of the sample at each look. Writes into `stop`, which must outlive this
  /// object.
  EarlyStopping(const std::vector<std::uint64_t>& sizes, const KeptSentences& kept,
                EarlyStop& stop);

  /// Whether to stop after these rows of the next shard.
  bool look(std::vector<Measurement> rows);

 private:
  KeptSentences kept_;
  EarlyStop& stop_;
  std::vector<Measurement> rows_;
};

}  // namespace normscope
