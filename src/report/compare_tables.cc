#include "report/compare_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "report/digits.h"
#include "report/run_numbers.h"
#include "report/statistics_json.h"
#include "report/thousands.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr double kSignificant = 0.05;

enum class Kind {
  /// Without a unit, at most 1.
  share,
  /// In norms, or in norms a token.
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

/// Of results.json.
std::string shown(const Json& estimate, Kind kind) {
  return estimate.is_null() ? std::string() : shown(estimate_from(estimate), kind);
}

Json member(const Json& object, const char* name) {
  return object.is_null() ? Json() : object.value(name, Json());
}

/// Of the statistic; 0 where there is none.
double deviation_of(const StoredRun& run) {
  const Json deviation = member(run.member("norms"), "standard_deviation");
  return deviation.is_number() ? deviation.get<double>() : 0;
}

/// `spread` is the statistic's.
std::string limits(const Json& threshold, double spread) {
  const Digits digits = Digits::of_spread(spread);
  std::string text;
  for (const auto& [name, sign] : {std::pair{"low", "<"}, std::pair{"high", ">"}}) {
    const Json limit = member(threshold, name);
    if (limit.is_null()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : " or ", sign, digits(limit.get<double>()));
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

std::string probed(const StoredRun& run, std::uint64_t layer, const std::string& readout) {
  for (const ProbeNumber& probe : probe_numbers(run)) {
    if (probe.layer == layer && probe.readout == readout) {
      return shown(*probe.r_squared, Kind::share);
    }
  }
  return {};
}

}  // namespace

CompareTable run_table(const RunComparison& comparison) {
  CompareTable table;
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    table.rows.push_back(fmt::format("{}", i + 1));
  }
  RunColumns columns(comparison);
  const auto line = [](const StoredRun& run, const char* name, Kind kind) {
    return shown(member(run.member("regression"), name), kind);
  };
  columns.add("R²", [&](const StoredRun& run, const RunNumbers&) {
    return line(run, "r_squared", Kind::share);
  });
  columns.add("Spearman's ρ", [](const StoredRun&, const RunNumbers& numbers) {
    return numbers.spearman ? shown(numbers.spearman->estimate, Kind::share) : std::string();
  });
  columns.add("slope", [&](const StoredRun& run, const RunNumbers&) {
    return line(run, "slope", Kind::norm);
  });
  columns.add("intercept", [&](const StoredRun& run, const RunNumbers&) {
    return line(run, "intercept", Kind::norm);
  });
  columns.add("mean norm", [](const StoredRun&, const RunNumbers& numbers) {
    return numbers.mean ? shown(*numbers.mean, Kind::norm) : std::string();
  });
  columns.add("standard deviation", [](const StoredRun& run, const RunNumbers&) {
    const double deviation = deviation_of(run);
    return deviation > 0 ? digits_of_mean(deviation)(deviation) : std::string();
  });
  columns.add("ε², norm given length", [](const StoredRun& run, const RunNumbers&) {
    return shown(member(run.member("norm_given_length"), "epsilon_squared"), Kind::share);
  });
  columns.add("ε², length given norm", [](const StoredRun& run, const RunNumbers&) {
    return shown(member(run.member("length_given_norm"), "epsilon_squared"), Kind::share);
  });
  columns.add("AUC, short", [](const StoredRun& run, const RunNumbers&) {
    return shown(member(threshold_of(run), "auc"), Kind::share);
  });
  columns.add("short where", [](const StoredRun& run, const RunNumbers&) {
    return limits(threshold_of(run), 2 * deviation_of(run));
  });
  table.columns = std::move(columns.columns);
  return table;
}

CompareTable probe_table(const RunComparison& comparison) {
  std::vector<const ProbeNumber*> order;
  std::map<std::pair<std::uint64_t, std::string>, std::size_t> runs_at;
  std::vector<std::vector<ProbeNumber>> probes;
  for (const NamedRun& named : comparison.runs) probes.push_back(probe_numbers(named.run));
  for (const auto& of_run : probes) {
    for (const ProbeNumber& probe : of_run) {
      if (++runs_at[{probe.layer, probe.readout}] == 2) order.push_back(&probe);
    }
  }
  CompareTable table;
  for (const ProbeNumber* point : order) {
    table.rows.push_back(fmt::format("layer {} {}", point->layer, point->readout));
  }
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    CompareTable::Column column{.head = fmt::format("{}", i + 1), .cells = {}};
    for (const ProbeNumber* point : order) {
      column.cells.push_back(probed(comparison.runs[i].run, point->layer, point->readout));
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
  add("mean norm", &RunPair::mean, Kind::norm);
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
