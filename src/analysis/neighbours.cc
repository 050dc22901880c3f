#include "analysis/neighbours.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "analysis/correlation_ratio.h"
#include "analysis/stopped.h"

namespace normscope {
namespace {

class Counter {
 public:
  explicit Counter(std::size_t size) : tree_(size + 1) {}

  void add(std::size_t at) {
    for (std::size_t i = at + 1; i < tree_.size(); i += i & (0 - i)) ++tree_[i];
  }

  /// Counted in [0, end).
  [[nodiscard]] std::uint64_t below(std::size_t end) const {
    std::uint64_t sum = 0;
    for (std::size_t i = end; i > 0; i -= i & (0 - i)) sum += tree_[i];
    return sum;
  }

 private:
  std::vector<std::uint64_t> tree_;
};

/// For each group, the size of the groups before it; one more entry for all.
std::vector<std::uint64_t> sizes_before(std::span<const std::uint32_t> groups) {
  std::vector<std::uint64_t> sums(groups.empty() ? 1 : *std::ranges::max_element(groups) + 2);
  for (const std::uint32_t group : groups) ++sums[group + 1];
  std::partial_sum(sums.begin(), sums.end(), sums.begin());
  return sums;
}

}  // namespace

std::vector<Neighbours> neighbours(std::span<const double> x, std::span<const double> y,
                                   const std::stop_token& stop) {
  const std::vector<std::uint32_t> x_rank = group_by_value(x);
  check_stop(stop);
  const std::vector<std::uint32_t> y_rank = group_by_value(y);
  check_stop(stop);
  const std::vector<std::uint64_t> x_before = sizes_before(x_rank);
  const std::vector<std::uint64_t> y_before = sizes_before(y_rank);
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(x_rank[i], y_rank[i]); });

  check_stop(stop);
  std::vector<Neighbours> result(x.size());
  Counter seen(y_before.size() - 1);
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    check_stop(stop);
    end = x_before[x_rank[order[first]] + 1];
    for (std::size_t equal = first, equal_end = first; equal < end; equal = equal_end) {
      const std::uint32_t rank = y_rank[order[equal]];
      while (equal_end < end && y_rank[order[equal_end]] == rank) ++equal_end;
      const std::uint64_t y_below = y_before[rank];
      const std::uint64_t y_level = y_before[rank + 1] - y_below;
      const std::uint64_t below_below = seen.below(rank);
      const std::uint64_t below_level = seen.below(rank + 1) - below_below;
      const std::uint64_t level_below = equal - first;
      const std::uint64_t level_level = equal_end - equal;
      const std::uint64_t level_above = end - equal_end;
      const std::uint64_t y_above = x.size() - y_below - y_level;
      const std::uint64_t below_above = first - below_below - below_level;
      Neighbours point;
      point.counts = {{{below_below, below_level, below_above},
                       {level_below, level_level - 1, level_above},
                       {y_below - below_below - level_below, y_level - below_level - level_level,
                        y_above - below_above - level_above}}};
      for (std::size_t i = equal; i < equal_end; ++i) result[order[i]] = point;
    }
    for (std::size_t i = first; i < end; ++i) seen.add(y_rank[order[i]]);
  }
  return result;
}

}  // namespace normscope
