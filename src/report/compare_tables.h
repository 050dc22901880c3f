#pragma once

#include <string>
#include <vector>

#include "report/run_comparison.h"

namespace normscope {

/// Numbers as text.
struct CompareTable {
  struct Column {
    std::string head;
    /// One per row; empty if there is no number.
    std::vector<std::string> cells;
  };
  std::vector<std::string> rows;
  std::vector<Column> columns;
};

/// The name of the runs' statistics ("norm") and of their properties ("length"), if they are alike;
/// else "statistic" and "property".
std::string statistic_name(const RunComparison& comparison);
std::string property_name(const RunComparison& comparison);

/// The numbers of the runs with their intervals, one row each ("1"). Columns that no run has are
/// left out.
CompareTable run_table(const RunComparison& comparison);

/// R² of a linear probe of the vectors: one row per point (layer and readout) that two runs or more
/// have probed, one column per run. There are no rows if there is no such point. The rows hold
/// names from the runs, and so any characters.
CompareTable probe_table(const RunComparison& comparison);

/// The differences with their intervals, one row each ("2 − 1"), with a star after those whose
/// adjusted p-value is below 0.05.
CompareTable pair_table(const RunComparison& comparison);

/// What the star means, and how the pairs' intervals are computed.
std::string pair_legend(const RunComparison& comparison);

}  // namespace normscope
