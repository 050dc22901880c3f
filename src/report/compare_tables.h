#pragma once

#include <string>
#include <vector>

#include "report/run_comparison.h"

namespace normscope {

/// Numbers as text, a row each run or each pair of runs.
struct CompareTable {
  struct Column {
    std::string head;
    /// One a row; empty where there is no number.
    std::vector<std::string> cells;
  };
  /// "1" of a run, "2 − 1" of a pair.
  std::vector<std::string> rows;
  std::vector<Column> columns;
};

/// The numbers of the runs with their intervals. Columns that no run has are left out.
CompareTable run_table(const RunComparison& comparison);

/// The differences with their intervals, a star behind those whose adjusted p-value is below 0.05.
CompareTable pair_table(const RunComparison& comparison);

/// What the star means, and how the pairs' intervals are made.
std::string pair_legend(const RunComparison& comparison);

}  // namespace normscope
