#pragma once

#include <span>

#include "normscope/analysis.h"

namespace normscope {

/// Tests "a statistic above (below, outside) the band most likely means fewer than `short_below`
/// tokens" on one sentence or more.
ShortnessClaims test_claims(std::span<const double> lengths, std::span<const double> statistic,
                            const Band& band, double short_below);

}  // namespace normscope
