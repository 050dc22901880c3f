#pragma once

#include <span>
#include <vector>

#include "normscope/analysis.h"

namespace normscope {

/// Tests "a norm above (below, outside) the band most likely means fewer than `short_below`
/// tokens".
std::vector<ShortnessClaim> test_claims(std::span<const double> lengths,
                                        std::span<const double> norms, const Band& band,
                                        double short_below, const Proportion& base_rate);

}  // namespace normscope
