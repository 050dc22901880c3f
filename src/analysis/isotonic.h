#pragma once

#include <optional>
#include <span>

#include "normscope/relation.h"

namespace normscope {

/// y as a monotone function of x. Nothing if all y are equal.
std::optional<MonotoneFit> fit_monotone(std::span<const double> x, std::span<const double> y);

}  // namespace normscope
