#pragma once

#include <string>
#include <vector>

#include "normscope/results.h"
#include "report/digits.h"
#include "report/extremes.h"

namespace normscope {

// Parts of report.html that do not need its script. A number is a <data> element whose value is the
// number in full, and whose data-at is its place in results.json. Each part is empty if there is
// nothing to show.

/// The numbers that the verdict is based on, with their intervals.
std::string main_table(const Results& results);
/// A table for each list; `digits` are those of the statistic.
std::string extremes_tables(const std::vector<Extremes>& extremes, const Digits& digits);
/// What remains of the relation without the dimensions that carry the norm.
std::string dimensions_table(const Results& results);
/// Norm against direction.
std::string norm_direction_table(const Results& results);
/// Every relation of the grid.
std::string grid_table(const Results& results);
/// What was read, left out and kept, and how to repeat the run.
std::string manifest_table(const Results& results);

}  // namespace normscope
