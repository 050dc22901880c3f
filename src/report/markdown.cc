#include "report/markdown.h"

#include <fmt/format.h>

#include "report/controls_text.h"
#include "report/main_numbers.h"
#include "report/markdown_text.h"
#include "report/sample_text.h"
#include "report/thousands.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

std::string interval(const StoredRun& run, const MainNumber& entry) {
  if (!entry.interval) return {};
  const Json& ends = at(run, *entry.interval);
  return fmt::format("{} to {}", shown(ends[0].get<double>(), entry.kind),
                     shown(ends[1].get<double>(), entry.kind));
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
    text += fmt::format("| {} | {} | {} | {} |\n", entry.label,
                        shown(at(run, entry.value).get<double>(), entry.kind), interval(run, entry),
                        entry.note);
  }
  const Counts& counts = manifest.counts;
  text += fmt::format(
      "\nSentences: {} read, {} empty, {} not UTF-8, {} not sampled, {} measured ({} truncated), "
      "{} "
      "too long to be analysed, {} analysed.\n\n",
      thousands(counts.read), thousands(counts.empty), thousands(counts.invalid),
      thousands(counts.not_sampled), thousands(counts.measured), thousands(counts.truncated),
      thousands(counts.outside_length), thousands(counts.kept));
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
