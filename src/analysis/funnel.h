#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "normscope/relation.h"

namespace normscope {

/// At most `bins` bins of about equal count along the property; equal properties share a bin.
std::vector<FunnelBin> funnel(std::span<const double> property, std::span<const double> statistic,
                              std::uint64_t bins);

}  // namespace normscope
