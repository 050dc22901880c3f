#include "report/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "report/controls_text.h"
#include "report/digits.h"
#include "report/labels.h"
#include "report/main_numbers.h"
#include "report/markdown_text.h"
#include "report/run_numbers.h"
#include "report/sample_text.h"
#include "report/statistics_json.h"
#include "report/thousands.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

std::string interval(const StoredRun& run, const MainNumber& entry) {
  if (!entry.interval) return {};
  const Json& ends = at(run, *entry.interval);
  return shown_range({.low = ends[0], .high = ends[1]}, entry.digits);
}

/// The estimate at `place` of a relation, with its interval; empty where there is none.
std::string estimate(const Json& relation, const char* place) {
  const Json::json_pointer pointer(place);
  if (!relation.contains(pointer) || !relation.at(pointer).is_object()) return {};
  const Estimate found = estimate_from(relation.at(pointer));
  return shown_estimate(found, Digits::of_ratio(found));
}

std::string p_value(const Json& relation) {
  const Json p = relation.value("p_value_holm", Json());
  return p.is_null() ? std::string() : Digits::significant(2)(p.get<double>());
}

std::string given(const Json& relation) {
  const Json partial = relation.value("partial", Json());
  return partial.is_null() ? std::string() : held_fixed(partial.at("given"));
}

constexpr std::string_view kGridHead =
    "| R² | Spearman's ρ | Holm's p | partial correlation | held fixed |\n"
    "|---|---:|---:|---:|---:|---|\n";

std::string grid_row(const std::string& label, const Json& relation) {
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_plain(label),
                     estimate(relation, "/line/r_squared"), estimate(relation, "/spearman"),
                     p_value(relation), estimate(relation, "/partial/correlation"),
                     markdown_plain(given(relation)));
}

std::string statistic_name(const ShownStatistic& statistic) {
  return capital(statistic.label) + (statistic.rounding ? " (rounding only)" : "");
}

/// The rows of the grid that the first question is next to: its statistic against every property,
/// its property against every statistic, and the strongest of all.
std::string grid(const StoredRun& run) {
  if (run.statistics.size() < 2 && run.properties.size() < 2) return {};
  std::string text = "\n## Every statistic, every property\n\n";
  if (const auto best = strongest_relation(run)) {
    text += markdown_plain(fmt::format("Strongest of {} relations: {} against {}, Spearman's ρ = ",
                                       run.member("grid").at("relations").size(),
                                       best->statistic->label, best->property->label)) +
            estimate(*best->relation, "/spearman") + ". All are in grid.csv.\n\n";
  }
  const auto add = [&](const std::string& label, const ShownStatistic& statistic,
                       const ShownProperty& property) {
    const Json* relation = run.relation(statistic.name, property.name);
    if (relation != nullptr) text += grid_row(label, *relation);
  };
  const ShownStatistic& primary = run.statistics.front();
  const ShownProperty& length = run.properties.front();
  if (run.properties.size() > 1) {
    text += fmt::format("| {} against {}", markdown_plain(statistic_name(primary)), kGridHead);
    for (const ShownProperty& property : run.properties) add(property.label, primary, property);
  }
  if (run.statistics.size() > 1) {
    if (run.properties.size() > 1) text += "\n";
    text += fmt::format("| {} against {}", markdown_plain(capital(length.label)), kGridHead);
    for (const ShownStatistic& statistic : run.statistics) {
      add(statistic_name(statistic), statistic, length);
    }
  }
  return text;
}

std::string probes(const StoredRun& run) {
  const std::vector<ProbeNumber> numbers = probe_numbers(run);
  if (numbers.empty()) return {};
  std::vector<std::string> readouts;
  std::map<std::uint64_t, std::map<std::string, std::string>> by_layer;
  for (const ProbeNumber& probe : numbers) {
    if (std::ranges::find(readouts, probe.readout) == readouts.end()) {
      readouts.push_back(probe.readout);
    }
    const Estimate found = estimate_from(*probe.r_squared);
    by_layer[probe.layer][probe.readout] = shown_estimate(found, Digits::of_ratio(found));
  }
  std::string text =
      "\n## R² of a linear probe of the vector for the length, held out\n\n| layer |";
  std::string rule = "|---:|";
  for (const std::string& readout : readouts) {
    text += fmt::format(" {} |", markdown_plain(readout));
    rule += "---:|";
  }
  text += "\n" + rule + "\n";
  for (auto& [layer, cells] : by_layer) {
    text += fmt::format("| {} |", layer);
    for (const std::string& readout : readouts) text += fmt::format(" {} |", cells[readout]);
    text += "\n";
  }
  return text;
}

}  // namespace

std::string markdown(const StoredRun& run) {
  const Manifest& manifest = run.manifest;
  const Json& verdict = run.results.at("verdict");
  // Our own words, as far as results.json is ours: shown as text all the same.
  std::string text =
      fmt::format("# {}\n\n{}\n\n", markdown_plain(run.results.at("question").get<std::string>()),
                  markdown_plain(verdict.at("text").get<std::string>()));
  for (const std::string limit : verdict.at("limits"))
    text += fmt::format("Note: {}\n\n", markdown_plain(limit));
  if (const std::string sample = sample_text(manifest); !sample.empty()) {
    text += fmt::format("Sample: {}.\n\n", markdown_plain(sample));
  }
  if (const std::string controls = controls_text(run); !controls.empty()) {
    text += markdown_plain(controls) + "\n\n";
  }
  text += "| number | value | 95 % interval | meaning |\n|---|---:|---|---|\n";
  for (const MainNumber& entry : main_numbers(run)) {
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_plain(entry.label),
                        entry.digits(at(run, entry.value).get<double>()), interval(run, entry),
                        markdown_plain(entry.note));
  }
  text += grid(run) + probes(run);
  const Counts& counts = manifest.counts;
  text += fmt::format(
      "\nSentences: {} read, {} empty, {} not UTF-8, {} with too few words, {} read before, {} not "
      "sampled, {} measured ({} truncated), {} too long to be analysed, {} truncated and so not "
      "analysed, {} analysed.\n\n",
      thousands(counts.read), thousands(counts.empty), thousands(counts.invalid),
      thousands(counts.too_few_words), thousands(counts.duplicates), thousands(counts.not_sampled),
      thousands(counts.measured), thousands(counts.truncated), thousands(counts.outside_length),
      thousands(counts.dropped_truncated), thousands(counts.kept));
  text += fmt::format("- normscope {}: {}\n", markdown_plain(manifest.version),
                      markdown_code(manifest.command));
  text += fmt::format("- model {} (SHA-256 {})\n", markdown_code(manifest.model.name),
                      markdown_code(manifest.model.sha256));
  text += fmt::format("- corpus {} (SHA-256 {})\n", markdown_code(manifest.corpus.name),
                      markdown_code(manifest.corpus.sha256));
  text +=
      fmt::format("- seed {}, {}, {} on {}\n", manifest.seed, markdown_plain(manifest.precision),
                  markdown_plain(manifest.isa), markdown_plain(manifest.cpu));
  return text;
}

}  // namespace normscope
