#include "report/extremes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <span>
#include <string_view>

#include "report/printable.h"

namespace normscope {
namespace {

constexpr std::size_t kShown = 8;
/// How many are considered: some of them have the same text.
constexpr std::size_t kCandidates = 200;
constexpr std::size_t kLongestText = 300;
constexpr std::size_t kMostBytes = 4096;

/// Positions of the finite numbers, the largest first.
std::vector<std::size_t> largest(std::span<const double> numbers, double sign) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (std::isfinite(numbers[i])) order.push_back(i);
  }
  const std::size_t count = std::min(kCandidates, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(count), {},
                            [&](std::size_t i) { return std::pair(-sign * numbers[i], i); });
  order.resize(count);
  return order;
}

std::vector<double> residuals(const std::optional<Regression>& line,
                              const std::vector<double>& property,
                              const std::vector<double>& values) {
  if (!line) return {};
  std::vector<double> rest;
  for (std::size_t i = 0; i < values.size(); ++i) {
    rest.push_back(values[i] - (line->intercept.value + line->slope.value * property[i]));
  }
  return rest;
}

/// Whether all but two of the sentences of one list are in the other.
bool nearly_the_same(const Extremes& some, const Extremes& others) {
  std::size_t shared = 0;
  for (const ExtremeSentence& sentence : some.sentences) {
    shared += static_cast<std::size_t>(std::ranges::any_of(
        others.sentences,
        [&](const ExtremeSentence& other) { return other.text == sentence.text; }));
  }
  return !some.sentences.empty() && shared + 2 >= some.sentences.size();
}

/// If the extreme residuals belong to nearly the same sentences as the extreme statistics, one
/// table is enough.
void join_lists(std::vector<Extremes>& lists) {
  for (const std::size_t end : {1U, 0U}) {
    if (lists.size() <= end + 2 || !nearly_the_same(lists[end + 2], lists[end])) continue;
    lists[end].title += end == 0 ? " (nearly the same sentences lie farthest above the line)"
                                 : " (nearly the same sentences lie farthest below the line)";
    lists.erase(lists.begin() + static_cast<std::ptrdiff_t>(end) + 2);
  }
}

}  // namespace

std::vector<Extremes> extreme_sentences(const StoredRun& run) {
  const std::vector<double> tokens = run.kept_numbers("tokens");
  const std::vector<double> values = run.first_statistic();
  const std::vector<double> rest =
      residuals(run.first_relation().relation.line, run.first_property(), values);
  struct Wanted {
    std::string_view title;
    std::vector<std::size_t> order;
  };
  std::vector<Wanted> wanted{{"Largest", largest(values, 1)}, {"Smallest", largest(values, -1)}};
  if (!rest.empty()) {
    wanted.push_back({"Farthest above the line", largest(rest, 1)});
    wanted.push_back({"Farthest below the line", largest(rest, -1)});
  }

  std::vector<std::uint64_t> rows;
  for (const Wanted& list : wanted) {
    for (const std::size_t i : list.order) rows.push_back(run.kept[i]);
  }
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  const std::vector<std::string> texts = run.table.texts(rows, kMostBytes);

  std::vector<Extremes> result;
  for (const Wanted& list : wanted) {
    Extremes extremes{.title = std::string(list.title), .sentences = {}};
    std::map<std::string_view, std::size_t> known;
    for (const std::size_t i : list.order) {
      const auto at = std::ranges::lower_bound(rows, run.kept[i]) - rows.begin();
      const std::string& text = texts[static_cast<std::size_t>(at)];
      if (const auto same = known.find(text); same != known.end()) {
        if (same->second < kShown) ++extremes.sentences[same->second].times;
        continue;
      }
      known.emplace(text, known.size());
      if (extremes.sentences.size() == kShown) continue;
      extremes.sentences.push_back({.text = printable(text, kLongestText, Medium::terminal),
                                    .tokens = tokens[i],
                                    .value = values[i],
                                    .residual = rest.empty() ? 0 : rest[i],
                                    .times = 1});
    }
    result.push_back(std::move(extremes));
  }
  join_lists(result);
  return result;
}

}  // namespace normscope
