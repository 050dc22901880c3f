#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "normscope/study.h"

namespace normscope {

/// The place among the grid's relations of the one whose interval of Spearman's ρ stays farthest
/// from 0, of those whose statistic is more than rounding; the first of equals.
std::optional<std::size_t> strongest_relation(const Study& study);

/// The end of a correlation's interval that is nearer to 0, as a magnitude: 0 if it holds 0, there
/// is none, or there are fewer than 20 sentences, since few sentences may lie on a line by chance.
double least_strength(const std::optional<Interval>& interval, std::uint64_t sentences);

/// Whether a relation's statistic varies by no more than rounding.
bool is_rounding(const Study& study, std::size_t relation);

}  // namespace normscope
