#include "report/question.h"

#include <fmt/format.h>

#include "normscope/measure.h"

namespace normscope {

std::string statistic_words(const Manifest& manifest) {
  const StatisticColumn column =
      manifest.statistics.empty()
          ? StatisticColumn{.point = {.layer = manifest.model.config.layers}}
          : column_named(manifest.statistics.front());
  std::string number = "norm";
  if (column.statistic == Statistic::l1) number = "L1 norm";
  if (column.statistic == Statistic::linf) number = "largest component";
  if (column.statistic == Statistic::centered_l2) number = "norm about the mean";
  std::string vector = "[CLS] embedding";
  if (column.point.readout == Readout::mean) vector = "mean embedding";
  if (column.point.readout == Readout::max) vector = "max-pooled embedding";
  if (column.point.readout == Readout::pooler) vector = "pooled [CLS] embedding";
  const std::string layer = column.point.layer == manifest.model.config.layers
                                ? ""
                                : fmt::format(" in layer {}", column.point.layer);
  return fmt::format("the {} of the {}{}", number, vector, layer);
}

std::string question(const Manifest& manifest) {
  return fmt::format("Does {} encode the length of the sentence?", statistic_words(manifest));
}

}  // namespace normscope
