#include "report/question.h"

#include <fmt/format.h>

#include "report/labels.h"

namespace normscope {

QuestionWords question_words(const Manifest& manifest) {
  const StatisticColumn& column = manifest.statistics.front();
  const std::string& property = manifest.properties.front();
  std::string statistic = "the " + statistic_label(column);
  if (column.point.layer != manifest.model.config.layers) {
    statistic += fmt::format(" in layer {}", column.point.layer);
  }
  return {.statistic = std::move(statistic),
          .property = "the " + short_property_label(property),
          .unit = property_unit(property)};
}

std::string question(const Manifest& manifest) {
  const QuestionWords words = question_words(manifest);
  return fmt::format("Does {} encode {} of the sentence?", words.statistic, words.property);
}

}  // namespace normscope
