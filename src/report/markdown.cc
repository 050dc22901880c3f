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
#include "report/own_readout_text.h"
#include "report/prompt_words.h"
#include "report/run_numbers.h"
#include "report/sample_text.h"
#include "report/thousands.h"

namespace normscope {
namespace {

std::string estimate(const Estimate& found) {
  return shown_estimate(found, Digits::of_ratio(found));
}

constexpr std::string_view kGridHead =
    "| R² | Spearman's ρ | Holm's p | partial correlation | held fixed |\n"
    "|---|---:|---:|---:|---:|---|\n";

std::string grid_row(const std::string& label, const GridRelation& found) {
  const Relation& relation = found.relation;
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", markdown_plain(label),
                     relation.line ? estimate(relation.line->r_squared) : "",
                     relation.spearman ? estimate(relation.spearman->estimate) : "",
                     found.p_value_holm ? Digits::significant(2)(*found.p_value_holm) : "",
                     found.partial ? estimate(found.partial->relation.correlation) : "",
                     found.partial ? markdown_plain(held_fixed(found.partial->given)) : "");
}

std::string statistic_name(const ShownStatistic& statistic) {
  return capital(statistic.label) + (statistic.rounding ? " (rounding only)" : "");
}

/// The rows of the grid that are closest to the question: its statistic against every property, its
/// property against every statistic, and the strongest of all.
std::string grid(const StoredRun& run) {
  if (run.statistics.size() < 2 && run.properties.size() < 2) return {};
  const Study& study = run.results.study;
  std::string text = "\n## Every statistic, every property\n\n";
  if (const auto best = strongest_relation(study)) {
    text += markdown_plain(fmt::format(
                "Strongest of {} relations: {} against {}, Spearman's ρ = ", study.relations.size(),
                run.statistics[*best % run.statistics.size()].label,
                run.properties[*best / run.statistics.size()].label)) +
            estimate(study.relations[*best].relation.spearman->estimate) +
            ". All are in grid.csv.\n\n";
  }
  if (run.properties.size() > 1) {
    text += fmt::format("| {} against {}", markdown_plain(statistic_name(run.statistics.front())),
                        kGridHead);
    for (std::size_t i = 0; i < run.properties.size(); ++i) {
      text += grid_row(run.properties[i].label, study.relation(i, 0));
    }
  }
  if (run.statistics.size() > 1) {
    if (run.properties.size() > 1) text += '\n';
    text += fmt::format("| {} against {}", markdown_plain(capital(run.properties.front().label)),
                        kGridHead);
    for (std::size_t i = 0; i < run.statistics.size(); ++i) {
      text += grid_row(statistic_name(run.statistics[i]), study.relation(0, i));
    }
  }
  return text;
}

std::string probes(const Study& study) {
  std::vector<Readout> readouts;
  std::map<std::size_t, std::map<Readout, std::string>> by_layer;
  for (const PointProbes& probes : study.probes) {
    if (!probes.ridge) continue;
    const auto& [layer, readout] = probes.point;
    if (std::ranges::find(readouts, readout) == readouts.end()) readouts.push_back(readout);
    by_layer[layer][readout] = estimate(probes.ridge->r_squared);
  }
  if (readouts.empty()) return {};
  std::string text =
      "\n## R² of a linear probe of the vector for the length, held out\n\n| layer |";
  std::string rule = "|---:|";
  for (const Readout readout : readouts) {
    text += fmt::format(" {} |", name(readout));
    rule += "---:|";
  }
  text += "\n" + rule + "\n";
  for (auto& [layer, cells] : by_layer) {
    text += fmt::format("| {} |", layer);
    for (const Readout readout : readouts) text += fmt::format(" {} |", cells[readout]);
    text += '\n';
  }
  return text;
}

}  // namespace

std::string markdown(const StoredRun& run) {
  const Manifest& manifest = run.results.manifest;
  const Study& study = run.results.study;
  // These are our own words only if results.json is ours, so they are shown as text too.
  std::string text = fmt::format("# {}\n\n{}\n\n", markdown_plain(run.results.question),
                                 markdown_plain(study.conclusion.text));
  for (const std::string& limit : study.conclusion.limits)
    text += fmt::format("Note: {}\n\n", markdown_plain(limit));
  if (const std::string sample = sample_text(manifest); !sample.empty()) {
    text += fmt::format("Sample: {}.\n\n", markdown_plain(sample));
  }
  if (const std::string controls = controls_text(study); !controls.empty()) {
    text += markdown_plain(controls) + "\n\n";
  }
  text += "| number | value | 95 % interval | meaning |\n|---|---:|---|---|\n";
  for (const MainNumber& entry : main_numbers(run.results)) {
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_plain(entry.label),
                        entry.digits(entry.number.value()),
                        entry.interval != nullptr ? shown_range(*entry.interval, entry.digits) : "",
                        markdown_plain(entry.note));
  }
  text += grid(run) + probes(study);
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
  if (manifest.model.own_readout) {
    text += fmt::format("- the model's own embedding: {}\n",
                        markdown_plain(own_readout_words(*manifest.model.own_readout)));
  }
  if (manifest.prompt) {
    text += fmt::format("- prompt {}\n", markdown_plain(prompt_words(*manifest.prompt)));
  }
  text += fmt::format("- corpus {} (SHA-256 {})\n", markdown_code(manifest.corpus.name),
                      markdown_code(manifest.corpus.sha256));
  text += fmt::format("- seed {}, {}, {} on {}\n", manifest.seed, name(manifest.precision),
                      markdown_plain(manifest.isa), markdown_plain(manifest.cpu));
  return text;
}

}  // namespace normscope
