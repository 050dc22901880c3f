#include "report/question.h"

#include "normscope/measure.h"

namespace normscope {

std::string question(const Manifest& manifest) {
  const StatisticColumn column =
      manifest.statistics.empty() ? StatisticColumn() : column_named(manifest.statistics.front());
  std::string number = "norm";
  if (column.statistic == Statistic::l1) number = "L1 norm";
  if (column.statistic == Statistic::linf) number = "largest component";
  if (column.statistic == Statistic::centered_l2) number = "norm about the mean";
  std::string vector = "[CLS] embedding";
  if (column.point.readout == Readout::mean) vector = "mean embedding";
  if (column.point.readout == Readout::max) vector = "max-pooled embedding";
  if (column.point.readout == Readout::pooler) vector = "pooled [CLS] embedding";
  return "Does the " + number + " of the " + vector + " encode the length of the sentence?";
}

}  // namespace normscope
