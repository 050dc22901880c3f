#include "experiment/early_stopping.h"

#include <optional>
#include <utility>

#include "normscope/analysis.h"

namespace normscope {

EarlyStopping::EarlyStopping(const std::vector<std::uint64_t>& sizes, const KeptSentences& kept,
                             EarlyStop& stop)
    : kept_(kept), stop_(stop) {
  stop_.looks = sizes.size();
  stop_.confidence = confidence_of_each_look(sizes);
}

bool EarlyStopping::look(std::vector<Measurement> rows) {
  for (Measurement& row : rows) {
    row.text = {};
    kept_.count(row);
    rows_.push_back(std::move(row));
  }
  ++stop_.look;
  std::vector<double> lengths;
  std::vector<double> norms;
  for (const Measurement& row : rows_) {
    if (!kept_.keeps(row)) continue;
    lengths.push_back(row.tokens);
    norms.push_back(row.statistics.front());
  }
  if (norms.empty()) return false;
  const std::optional<Estimate> found = line_r_squared(lengths, norms, stop_.confidence);
  if (!found || !found->interval) return false;
  stop_.reached = found->interval->high - found->interval->low < stop_.width;
  return stop_.reached;
}

}  // namespace normscope
