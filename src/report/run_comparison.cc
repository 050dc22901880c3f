#include "report/run_comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

#include "base/atomic_file.h"
#include "normscope/error.h"
#include "report/compare_figure.h"
#include "report/compare_json.h"
#include "report/compare_markdown.h"

namespace normscope {
namespace {

/// Whole numbers below this are exact as double.
constexpr double kMostIndex = 0x1p53;

std::vector<std::uint64_t> indices_of(const StoredRun& run, const std::filesystem::path& table) {
  std::vector<std::uint64_t> indices;
  for (const double index : run.kept_numbers("index")) {
    if (!(index >= 0 && index < kMostIndex)) throw Error(table, "holds an index that is none");
    indices.push_back(static_cast<std::uint64_t>(index));
  }
  if (std::ranges::adjacent_find(indices, std::greater_equal()) != indices.end()) {
    throw Error(table, "column index does not rise");
  }
  return indices;
}

/// Names the sentences that a run's indices are about.
std::string corpus_key(const CorpusSource& corpus) {
  if (corpus.sha256.empty()) return {};
  return nlohmann::json({corpus.sha256, corpus.prose, corpus.columns})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

ComparedRun compared(const NamedRun& named) {
  const StoredRun& run = named.run;
  const std::filesystem::path table = named.path / "measurements.parquet";
  ComparedRun sentences{.corpus = corpus_key(run.manifest.corpus),
                        .indices = indices_of(run, table),
                        .lengths = run.kept_numbers("tokens"),
                        .norms = run.kept_numbers(*run.statistics.front().column)};
  if (!std::ranges::all_of(sentences.norms, [](double norm) { return std::isfinite(norm); })) {
    throw Error(table, fmt::format("column {} holds a number that is not finite",
                                   *run.statistics.front().column));
  }
  return sentences;
}

using Trait = std::function<std::string(const StoredRun&)>;

/// "layer6.cls.l2 (runs 1, 3), layer6.mean.l2 (run 2)"; empty where all runs are alike.
std::string unlike(const std::vector<NamedRun>& runs, const Trait& trait) {
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string value = trait(runs[i].run);
    auto group = std::ranges::find(groups, value, &decltype(groups)::value_type::first);
    if (group == groups.end()) group = groups.insert(group, {value, {}});
    group->second.push_back(i + 1);
  }
  if (groups.size() < 2) return {};
  std::string text;
  for (const auto& [value, numbers] : groups) {
    text += fmt::format("{}{} ({} {})", text.empty() ? "" : ", ", value,
                        numbers.size() == 1 ? "run" : "runs", fmt::join(numbers, ", "));
  }
  return text;
}

std::string early_stops(const std::vector<NamedRun>& runs) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].run.manifest.early_stop) numbers.push_back(i + 1);
  }
  if (numbers.empty()) return {};
  return fmt::format(
      "Told to stop early: {} {}. The interval of its own R² allows for that, those of differences "
      "do not.",
      numbers.size() == 1 ? "run" : "runs", fmt::join(numbers, ", "));
}

std::vector<std::string> notes_on(const std::vector<NamedRun>& runs) {
  std::vector<std::string> notes;
  const auto add = [&](std::string_view what, const Trait& trait) {
    if (const std::string values = unlike(runs, trait); !values.empty()) {
      notes.push_back(fmt::format("The runs differ in {}: {}.", what, values));
    }
  };
  add("the statistic", [](const StoredRun& run) { return run.statistics.front().name; });
  add("the lengths that are analysed", [](const StoredRun& run) {
    return fmt::format("under {} tokens", run.manifest.length_below);
  });
  add("where a sentence is cut off",
      [](const StoredRun& run) { return fmt::format("{} tokens", run.manifest.max_length); });
  add("the sample", [](const StoredRun& run) { return run.manifest.sample; });
  add("the fewest words",
      [](const StoredRun& run) { return fmt::format("{}", run.manifest.min_words); });
  add("repeated sentences",
      [](const StoredRun& run) { return run.manifest.dedup ? "left out" : "kept"; });
  add("the precision", [](const StoredRun& run) { return run.manifest.precision; });
  if (!same_units(runs)) {
    notes.emplace_back(
        "Norms of different models or statistics have different units: slopes and means are "
        "subtracted as they are, R² and Spearman's ρ have no unit.");
  }
  if (std::string stops = early_stops(runs); !stops.empty()) notes.push_back(std::move(stops));
  if (runs.size() > kMostPanels) {
    notes.push_back(fmt::format("The figure shows the first {} runs.", kMostPanels));
  }
  return notes;
}

}  // namespace

bool same_units(std::span<const NamedRun> runs) {
  return std::ranges::all_of(runs, [&](const NamedRun& named) {
    return named.run.manifest.model.sha256 == runs.front().run.manifest.model.sha256 &&
           named.run.statistics.front().name == runs.front().run.statistics.front().name;
  });
}

std::string run_name(const std::filesystem::path& folder) {
  std::filesystem::path path = std::filesystem::absolute(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.has_filename() ? path.filename().string() : "run";
}

RunComparison compare_runs(std::span<const std::filesystem::path> folders,
                           const CompareOptions& options) {
  RunComparison result;
  std::set<std::string> names;
  std::vector<ComparedRun> sentences;
  for (const std::filesystem::path& folder : folders) {
    const std::string last = run_name(folder);
    std::string name = last;
    for (int n = 2; !names.insert(name).second; ++n) name = fmt::format("{} ({})", last, n);
    result.runs.push_back({.name = std::move(name), .path = folder, .run = read_run(folder)});
    sentences.push_back(compared(result.runs.back()));
  }
  result.comparison = compare(sentences, options);
  result.notes = notes_on(result.runs);
  return result;
}

std::string write_comparison(const std::filesystem::path& folder, const RunComparison& comparison,
                             Style style) {
  write_atomically(folder / "compare.json", compare_json(comparison));
  write_atomically(folder / "compare.md", compare_markdown(comparison));
  std::vector<FigureFile> files;
  try {
    files = compare_figure(comparison, style);
  } catch (const Error& error) {
    remove_figure(folder, "figure-compare");
    return fmt::format("not drawn: figure-compare: {}", error.what());
  }
  write_figure(folder, files);
  return {};
}

}  // namespace normscope
