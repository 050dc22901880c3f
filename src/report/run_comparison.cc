#include "report/run_comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

#include "base/atomic_file.h"
#include "base/json_fields.h"
#include "normscope/error.h"
#include "report/compare_figure.h"
#include "report/compare_markdown.h"
#include "report/prompt_words.h"
#include "results/compare_json.h"
#include "results/run_files.h"

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
  return json_text(std::vector{corpus.sha256, std::string(corpus.prose ? "prose" : "lines")}) +
         json_text(corpus.columns);
}

ComparedRun compared(const NamedRun& named) {
  const StoredRun& run = named.run;
  const std::filesystem::path table = named.path / kMeasurementsFile;
  ComparedRun sentences{.corpus = corpus_key(run.results.manifest.corpus),
                        .indices = indices_of(run, table),
                        .properties = run.first_property(),
                        .statistics = run.first_statistic()};
  for (const auto& [column, numbers] :
       {std::pair(*run.properties.front().column, &sentences.properties),
        std::pair(*run.statistics.front().column, &sentences.statistics)}) {
    if (std::ranges::all_of(*numbers, [](double number) { return std::isfinite(number); })) {
      continue;
    }
    throw Error(table, fmt::format("column {} holds a number that is not finite", column));
  }
  return sentences;
}

using Trait = std::function<std::string(const StoredRun&)>;

/// "layer6.cls.l2 (runs 1, 3), layer6.mean.l2 (run 2)"; empty if all runs are alike.
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
    if (runs[i].run.results.manifest.early_stop) numbers.push_back(i + 1);
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
  add("the property", [](const StoredRun& run) { return run.properties.front().name; });
  const auto add_option = [&](std::string_view what, const auto& option) {
    add(what, [&](const StoredRun& run) { return std::string(option(run.results.manifest)); });
  };
  add_option("the lengths that are analysed", [](const Manifest& manifest) {
    return fmt::format("under {} tokens", manifest.length_below);
  });
  add_option("where a sentence is cut off", [](const Manifest& manifest) {
    return fmt::format("{} tokens", manifest.max_length);
  });
  add_option("the prompt", [](const Manifest& manifest) {
    return manifest.prompt ? prompt_words(*manifest.prompt) : std::string("none");
  });
  add_option("the sample", [](const Manifest& manifest) { return name(manifest.sample); });
  add_option("the fewest words",
             [](const Manifest& manifest) { return std::to_string(manifest.min_words); });
  add_option("repeated sentences",
             [](const Manifest& manifest) { return manifest.dedup ? "left out" : "kept"; });
  add_option("the precision", [](const Manifest& manifest) { return name(manifest.precision); });
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
    return named.run.results.manifest.model.sha256 ==
               runs.front().run.results.manifest.model.sha256 &&
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
  std::vector<ComparedResults> runs;
  for (const NamedRun& run : comparison.runs) {
    runs.push_back({.name = run.name, .path = run.path, .results = &run.run.results});
  }
  write_atomically(folder / "compare.json",
                   compare_json(runs, comparison.comparison, comparison.notes));
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
