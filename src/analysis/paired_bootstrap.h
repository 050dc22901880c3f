#pragma once

#include <cstdint>
#include <vector>

#include "normscope/compare.h"

namespace normscope {

/// Differences (second minus first) in each resample; NaN if a run has no such number in it.
struct PairedReplicates {
  std::vector<double> slope;
  std::vector<double> r_squared;
  std::vector<double> mean;
  std::vector<double> spearman;
};

/// Resamples the sentences that either run has, with replacement, as many as there are.
PairedReplicates paired_bootstrap(const ComparedRun& first, const ComparedRun& second,
                                  const CompareOptions& options);

}  // namespace normscope
