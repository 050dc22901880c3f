#include "report/compare_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "report/run_numbers.h"
#include "report/statistics_json.h"
#include "report/thousands.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr double kSignificant = 0.05;

std::string shown(const Estimate& estimate, bool sign = false) {
  std::string text =
      sign ? fmt::format("{:+.4g}", estimate.value) : fmt::format("{:.4g}", estimate.value);
  if (estimate.interval) {
    text += fmt::format(" [{:.4g}, {:.4g}]", estimate.interval->low, estimate.interval->high);
  }
  return text;
}

std::string shown(const std::optional<Estimate>& estimate) {
  return estimate ? shown(*estimate) : std::string();
}

std::string shown(const std::optional<Difference>& difference) {
  if (!difference) return {};
  std::string text = shown(difference->estimate, true);
  if (difference->p_value_holm && *difference->p_value_holm < kSignificant) text += " *";
  return text;
}

/// Of results.json.
std::string shown(const Json& estimate) {
  return estimate.is_null() ? std::string() : shown(estimate_from(estimate));
}

Json member(const Json& object, const char* name) {
  return object.is_null() ? Json() : object.value(name, Json());
}

std::string limits(const Json& threshold) {
  std::string text;
  for (const auto& [name, sign] : {std::pair{"low", "<"}, std::pair{"high", ">"}}) {
    const Json limit = member(threshold, name);
    if (limit.is_null()) continue;
    text += fmt::format("{}{} {:.4g}", text.empty() ? "" : " or ", sign, limit.get<double>());
  }
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

/// Each point that more than one run has probed.
void add_probes(const RunComparison& comparison, RunColumns& columns) {
  std::vector<std::pair<std::uint64_t, std::string>> seen;
  std::vector<std::pair<std::uint64_t, std::string>> shared;
  for (const NamedRun& named : comparison.runs) {
    for (const ProbeNumber& probe : probe_numbers(named.run)) {
      const std::pair point{probe.layer, probe.readout};
      const bool again = std::ranges::find(seen, point) != seen.end();
      if (again && std::ranges::find(shared, point) == shared.end()) shared.push_back(point);
      seen.push_back(point);
    }
  }
  for (const auto& point : shared) {
    columns.add(fmt::format("probe R², layer {} {}", point.first, point.second),
                [&](const StoredRun& run, const RunNumbers&) -> std::string {
                  for (const ProbeNumber& probe : probe_numbers(run)) {
                    if (std::pair(probe.layer, probe.readout) == point) {
                      return shown(*probe.r_squared);
                    }
                  }
                  return {};
                });
  }
}

}  // namespace

CompareTable run_table(const RunComparison& comparison) {
  CompareTable table;
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    table.rows.push_back(fmt::format("{}", i + 1));
  }
  RunColumns columns(comparison);
  const auto line = [](const StoredRun& run, const char* name) {
    return shown(member(run.member("regression"), name));
  };
  columns.add("R²",
              [&](const StoredRun& run, const RunNumbers&) { return line(run, "r_squared"); });
  columns.add("Spearman's ρ", [](const StoredRun&, const RunNumbers& numbers) {
    return numbers.spearman ? shown(numbers.spearman->estimate) : std::string();
  });
  columns.add("slope", [&](const StoredRun& run, const RunNumbers&) { return line(run, "slope"); });
  columns.add("intercept",
              [&](const StoredRun& run, const RunNumbers&) { return line(run, "intercept"); });
  columns.add("mean norm",
              [](const StoredRun&, const RunNumbers& numbers) { return shown(numbers.mean); });
  columns.add("standard deviation", [](const StoredRun& run, const RunNumbers&) {
    const Json deviation = member(run.member("norms"), "standard_deviation");
    return deviation.is_null() ? std::string() : fmt::format("{:.4g}", deviation.get<double>());
  });
  columns.add("ε², norm given length", [](const StoredRun& run, const RunNumbers&) {
    return shown(member(run.member("norm_given_length"), "epsilon_squared"));
  });
  columns.add("ε², length given norm", [](const StoredRun& run, const RunNumbers&) {
    return shown(member(run.member("length_given_norm"), "epsilon_squared"));
  });
  columns.add("AUC, short", [](const StoredRun& run, const RunNumbers&) {
    return shown(member(threshold_of(run), "auc"));
  });
  columns.add("short where",
              [](const StoredRun& run, const RunNumbers&) { return limits(threshold_of(run)); });
  add_probes(comparison, columns);
  table.columns = std::move(columns.columns);
  return table;
}

CompareTable pair_table(const RunComparison& comparison) {
  CompareTable table;
  for (const RunPair& pair : comparison.comparison.pairs) {
    table.rows.push_back(fmt::format("{} − {}", pair.second + 1, pair.first + 1));
  }
  using Member = std::optional<Difference> RunPair::*;
  for (const auto& [head, member] : {std::pair<const char*, Member>{"R²", &RunPair::r_squared},
                                     {"Spearman's ρ", &RunPair::spearman},
                                     {"slope", &RunPair::slope},
                                     {"mean norm", &RunPair::mean}}) {
    CompareTable::Column column{.head = head, .cells = {}};
    for (const RunPair& pair : comparison.comparison.pairs) {
      column.cells.push_back(shown(pair.*member));
    }
    table.columns.push_back(std::move(column));
  }
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
