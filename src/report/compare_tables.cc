#include "report/compare_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "report/digits.h"
#include "report/labels.h"
#include "report/thousands.h"

namespace normscope {
namespace {

constexpr double kSignificant = 0.05;

enum class Kind {
  /// Without a unit, at most 1.
  share,
  /// In norms, or in norms per token.
  norm
};

std::string shown(const Estimate& estimate, Kind kind) {
  return shown_estimate(estimate,
                        kind == Kind::share ? Digits::of_ratio(estimate) : Digits::of(estimate));
}

std::string shown(const std::optional<Difference>& difference, Kind kind) {
  if (!difference) return {};
  std::string text = difference->estimate.value > 0 ? "+" : "";
  text += shown(difference->estimate, kind);
  if (difference->p_value_holm && *difference->p_value_holm < kSignificant) text += " *";
  return text;
}

std::string shown(const std::optional<Estimate>& estimate, Kind kind) {
  return estimate ? shown(*estimate, kind) : std::string();
}

std::string shown(const std::optional<CorrelationRatio>& ratio) {
  return ratio ? shown(ratio->epsilon_squared, Kind::share) : std::string();
}

const Relation& relation_of(const StoredRun& run) { return run.first_relation().relation; }

/// Spread of the statistic; 0 if there is none.
double deviation_of(const StoredRun& run) {
  const std::optional<Distribution>& statistic = run.results.study.statistic;
  return statistic ? statistic->standard_deviation.value_or(0) : 0;
}

/// `spread` is the statistic's.
std::string limits(const ThresholdRule& rule, double spread) {
  const Digits digits = Digits::of_spread(spread);
  std::string text;
  if (rule.low) text = fmt::format("< {}", digits(*rule.low));
  if (rule.high) text += fmt::format("{}> {}", text.empty() ? "" : " or ", digits(*rule.high));
  return text;
}

class RunColumns {
 public:
  explicit RunColumns(const RunComparison& comparison) : comparison_(comparison) {}

  void add(std::string head,
           const std::function<std::string(const StoredRun&, const RunNumbers&)>& cell) {
    CompareTable::Column column{.head = std::move(head), .cells = {}};
    for (std::size_t i = 0; i < comparison_.runs.size(); ++i) {
      column.cells.push_back(cell(comparison_.runs[i].run, comparison_.comparison.runs[i]));
    }
    const bool empty = std::ranges::all_of(column.cells, &std::string::empty);
    if (!empty) columns.push_back(std::move(column));
  }

  std::vector<CompareTable::Column> columns;

 private:
  const RunComparison& comparison_;
};

std::string probed(const StoredRun& run, const ReadoutPoint& point) {
  for (const PointProbes& probes : run.results.study.probes) {
    if (probes.point == point && probes.ridge) return shown(probes.ridge->r_squared, Kind::share);
  }
  return {};
}

/// The name of the runs' statistics, or of their properties, if they have the same one.
template <typename Label>
std::string common_label(const RunComparison& comparison, const Label& label,
                         const std::string& otherwise) {
  const std::string first = label(comparison.runs.front().run);
  const bool alike = std::ranges::all_of(
      comparison.runs, [&](const NamedRun& named) { return label(named.run) == first; });
  return alike ? first : otherwise;
}

}  // namespace

std::string statistic_name(const RunComparison& comparison) {
  return common_label(
      comparison,
      [](const StoredRun& run) { return number_label(run.statistics.front().measured.statistic); },
      "statistic");
}

std::string property_name(const RunComparison& comparison) {
  return common_label(
      comparison,
      [](const StoredRun& run) { return short_property_label(run.properties.front().name); },
      "property");
}

CompareTable run_table(const RunComparison& comparison) {
  CompareTable table;
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    table.rows.push_back(fmt::format("{}", i + 1));
  }
  RunColumns columns(comparison);
  const std::string number = statistic_name(comparison);
  const std::string property = property_name(comparison);
  const auto line = [](const StoredRun& run, Estimate Regression::*member, Kind kind) {
    const std::optional<Regression>& found = relation_of(run).line;
    return found ? shown((*found).*member, kind) : std::string();
  };
  columns.add("R²", [&](const StoredRun& run, const RunNumbers&) {
    return line(run, &Regression::r_squared, Kind::share);
  });
  columns.add("Spearman's ρ", [](const StoredRun&, const RunNumbers& numbers) {
    return numbers.spearman ? shown(numbers.spearman->estimate, Kind::share) : std::string();
  });
  columns.add("slope", [&](const StoredRun& run, const RunNumbers&) {
    return line(run, &Regression::slope, Kind::norm);
  });
  columns.add("intercept", [&](const StoredRun& run, const RunNumbers&) {
    return line(run, &Regression::intercept, Kind::norm);
  });
  columns.add("mean " + number, [](const StoredRun&, const RunNumbers& numbers) {
    return shown(numbers.mean, Kind::norm);
  });
  columns.add("standard deviation", [](const StoredRun& run, const RunNumbers&) {
    const double deviation = deviation_of(run);
    return deviation > 0 ? digits_of_mean(deviation)(deviation) : std::string();
  });
  columns.add(fmt::format("ε², {} given {}", number, property),
              [](const StoredRun& run, const RunNumbers&) {
                return shown(relation_of(run).statistic_given_property);
              });
  columns.add(fmt::format("ε², {} given {}", property, number),
              [](const StoredRun& run, const RunNumbers&) {
                return shown(relation_of(run).property_given_statistic);
              });
  columns.add("AUC, short", [](const StoredRun& run, const RunNumbers&) {
    const std::optional<ThresholdRule>& rule = relation_of(run).threshold;
    return rule ? shown(rule->auc, Kind::share) : std::string();
  });
  columns.add("short where", [](const StoredRun& run, const RunNumbers&) {
    const std::optional<ThresholdRule>& rule = relation_of(run).threshold;
    return rule ? limits(*rule, 2 * deviation_of(run)) : std::string();
  });
  table.columns = std::move(columns.columns);
  return table;
}

CompareTable probe_table(const RunComparison& comparison) {
  std::vector<std::pair<ReadoutPoint, std::size_t>> points;
  for (const NamedRun& named : comparison.runs) {
    for (const PointProbes& probes : named.run.results.study.probes) {
      if (!probes.ridge) continue;
      auto found = std::ranges::find(points, probes.point, &decltype(points)::value_type::first);
      if (found == points.end()) found = points.insert(found, {probes.point, 0});
      ++found->second;
    }
  }
  std::erase_if(points, [](const auto& point) { return point.second < 2; });
  // Models of different depths share only some layers.
  std::ranges::stable_sort(points, std::ranges::greater(),
                           [](const auto& point) { return point.first.layer; });
  CompareTable table;
  for (const auto& [point, runs] : points) {
    table.rows.push_back(fmt::format("layer {} {}", point.layer, name(point.readout)));
  }
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    CompareTable::Column column{.head = fmt::format("{}", i + 1), .cells = {}};
    for (const auto& [point, runs] : points) {
      column.cells.push_back(probed(comparison.runs[i].run, point));
    }
    const bool empty = std::ranges::all_of(column.cells, &std::string::empty);
    if (!empty) table.columns.push_back(std::move(column));
  }
  return table;
}

CompareTable pair_table(const RunComparison& comparison) {
  CompareTable table;
  for (const RunPair& pair : comparison.comparison.pairs) {
    table.rows.push_back(fmt::format("{} − {}", pair.second + 1, pair.first + 1));
  }
  const auto add = [&](std::string head, std::optional<Difference> RunPair::*member, Kind kind) {
    CompareTable::Column column{.head = std::move(head), .cells = {}};
    for (const RunPair& pair : comparison.comparison.pairs) {
      column.cells.push_back(shown(pair.*member, kind));
    }
    table.columns.push_back(std::move(column));
  };
  add("R²", &RunPair::r_squared, Kind::share);
  add("Spearman's ρ", &RunPair::spearman, Kind::share);
  add("slope", &RunPair::slope, Kind::norm);
  add("mean " + statistic_name(comparison), &RunPair::mean, Kind::norm);
  CompareTable::Column shared{.head = "shared sentences", .cells = {}};
  for (const RunPair& pair : comparison.comparison.pairs) {
    shared.cells.push_back(pair.shared > 0 ? thousands(pair.shared) : "none");
  }
  table.columns.push_back(std::move(shared));
  return table;
}

std::string pair_legend(const RunComparison& comparison) {
  const auto& pairs = comparison.comparison.pairs;
  std::string text = "* differs from 0 (p < 0.05";
  if (pairs.size() > 1) text += fmt::format(", Holm's correction over {} pairs", pairs.size());
  text += "). ";
  const auto paired =
      std::ranges::count_if(pairs, [](const RunPair& pair) { return pair.shared > 0; });
  if (paired == 0) return text + "No two runs share sentences: the runs are independent.";
  return text + "Where runs share sentences, these are resampled together.";
}

}  // namespace normscope
