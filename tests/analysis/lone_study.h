#pragma once

#include <utility>
#include <vector>

#include "normscope/study.h"

namespace normscope {

/// The study of one statistic against the token length.
inline Study study_of(std::vector<double> lengths, std::vector<double> norms,
                      StudyOptions options = {}) {
  StudyInput input;
  input.statistics = {{.column = {.point = {.layer = 6}}, .values = std::move(norms)}};
  input.properties = {{.name = "tokens", .values = std::move(lengths)}};
  // What is tested here does not need many.
  options.relation.resamples = 100;
  return study(input, options);
}

/// Of the statistic to the length.
inline const Relation& relation_in(const Study& study) { return study.relations.front().relation; }

}  // namespace normscope
