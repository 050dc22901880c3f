#include "report/markdown.h"

#include <fmt/format.h>

#include <string_view>

#include "report/controls_text.h"
#include "report/main_numbers.h"
#include "report/printable.h"
#include "report/sample_text.h"
#include "report/thousands.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongest = 4000;

/// Text of others as text: with every character that Markdown or HTML could take for its own
/// behind a backslash.
std::string plain(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]<>|~&$#@!";
  std::string escaped;
  for (const char c : printable(text, kLongest, Medium::terminal)) {
    if (kSpecial.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// A code span with a fence longer than any run of backquotes in it.
std::string code(std::string_view text) {
  const std::string line = printable(text, kLongest, Medium::terminal);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : line) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("{0} {1} {0}", fence, line);
}

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
      fmt::format("# {}\n\n{}\n\n", plain(run.results.at("question").get<std::string>()),
                  plain(verdict.at("text").get<std::string>()));
  for (const std::string limit : verdict.at("limits"))
    text += fmt::format("Note: {}\n\n", plain(limit));
  if (const std::string sample = sample_text(manifest); !sample.empty()) {
    text += fmt::format("Sample: {}.\n\n", plain(sample));
  }
  if (const std::string controls = controls_text(run); !controls.empty()) {
    text += plain(controls) + "\n\n";
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
  text += fmt::format("- normscope {}: {}\n", plain(manifest.version), code(manifest.command));
  text += fmt::format("- model {} (SHA-256 {})\n", code(manifest.model.name),
                      code(manifest.model.sha256));
  text += fmt::format("- corpus {} (SHA-256 {})\n", code(manifest.corpus.name),
                      code(manifest.corpus.sha256));
  text += fmt::format("- seed {}, {}, {} on {}\n", manifest.seed, plain(manifest.precision),
                      plain(manifest.isa), plain(manifest.cpu));
  return text;
}

}  // namespace normscope
