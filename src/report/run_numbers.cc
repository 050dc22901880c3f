#include "report/run_numbers.h"

#include <algorithm>
#include <cmath>

namespace normscope {

double least_strength(const std::optional<Interval>& interval, std::uint64_t sentences) {
  constexpr std::uint64_t kLeastSentences = 20;
  if (!interval || sentences < kLeastSentences || interval->low * interval->high <= 0) return 0;
  return std::min(std::abs(interval->low), std::abs(interval->high));
}

bool is_rounding(const Study& study, std::size_t relation) {
  const std::optional<Spread>& spread = study.statistics[relation % study.statistics.size()].spread;
  return spread && spread->rounding;
}

std::optional<std::size_t> strongest_relation(const Study& study) {
  std::optional<std::size_t> best;
  double most = 0;
  for (std::size_t i = 0; i < study.relations.size(); ++i) {
    const Relation& relation = study.relations[i].relation;
    if (!relation.spearman || is_rounding(study, i)) continue;
    const double size = least_strength(relation.spearman->estimate.interval, relation.sentences);
    if (size <= most) continue;
    most = size;
    best = i;
  }
  return best;
}

}  // namespace normscope
