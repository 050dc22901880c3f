#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "normscope/report.h"
#include "report/digits.h"
#include "report/labels.h"
#include "report/printable.h"
#include "report/prompt_words.h"
#include "report/run_numbers.h"
#include "report/sample_text.h"
#include "report/thousands.h"

namespace normscope {
namespace {

constexpr std::size_t kLongestName = 60;

std::string row(std::string_view label, std::string_view text) {
  return fmt::format("  {:<11}{}\n", label, text);
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string dropped(const Counts& counts) {
  std::string reasons;
  const auto add = [&](std::uint64_t count, std::string_view reason) {
    if (count == 0) return;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", thousands(count), reason);
  };
  add(counts.empty, "empty");
  add(counts.invalid, "not UTF-8");
  add(counts.too_few_words, "with too few words");
  add(counts.duplicates, "read before");
  add(counts.not_sampled, "not sampled");
  add(counts.outside_length, "too long to be analysed");
  add(counts.dropped_truncated, "truncated and so not analysed");
  return reasons.empty() ? "none" : reasons;
}

std::string columns(const CorpusSource& corpus) {
  std::string names;
  for (const std::string& column : corpus.columns) {
    names += (names.empty() ? "" : ", ") + printable(column, kLongestName, Medium::terminal);
  }
  return names;
}

std::string sentences(const Counts& counts) {
  std::string text = fmt::format("{} read, {} measured, {} kept", thousands(counts.read),
                                 thousands(counts.measured), thousands(counts.kept));
  if (counts.kept_truncated > 0) {
    text += fmt::format(" ({} of them truncated)", thousands(counts.kept_truncated));
  }
  return text;
}

std::string estimate(const Estimate& estimate, const Digits& digits) {
  std::string value = digits(estimate.value);
  if (!estimate.interval) return value;
  return fmt::format("{:<11} 95 % interval {}", value, shown_range(*estimate.interval, digits));
}

/// If the spread is tiny, the rest does not matter.
std::string spread_text(const Spread& spread) {
  if (!spread.standard_deviation) return Digits::of_spread(0)(spread.mean);
  const Digits digits = digits_of_mean(*spread.standard_deviation);
  std::string text = fmt::format("{:<12}standard deviation {}", digits(spread.mean),
                                 digits(*spread.standard_deviation));
  if (spread.coefficient_of_variation) {
    text += fmt::format(", coefficient of variation {}",
                        Digits::small_percent()(*spread.coefficient_of_variation));
  }
  return text;
}

/// The strongest of all relations, if there are others than the first; statistics that vary only by
/// rounding do not count.
std::string strongest(const Study& study) {
  std::uint64_t computed = 0;
  for (std::size_t i = 0; i < study.relations.size(); ++i) {
    computed += study.relations[i].relation.spearman && !is_rounding(study, i) ? 1 : 0;
  }
  if (computed < 2) return {};
  const std::optional<std::size_t> place = strongest_relation(study);
  if (!place) {
    return fmt::format("None of {} relations is told from no relation at all.",
                       thousands(computed));
  }
  const GridRelation& best = study.relations[*place];
  const Estimate& rho = best.relation.spearman->estimate;
  return fmt::format(
      "Of {} relations the strongest is that of the {} to the {}: Spearman's ρ = {} in {} "
      "sentences.",
      thousands(computed), statistic_in_layer_label(best.statistic), property_label(best.property),
      shown_estimate(rho, Digits::of_ratio(rho)), thousands(best.relation.sentences));
}

/// The point whose vector tells the length best, if more than one was probed.
std::string best_probe(const Study& study) {
  const PointProbes* best = nullptr;
  for (const PointProbes& probes : study.probes) {
    if (!probes.ridge) continue;
    if (best == nullptr || probes.ridge->r_squared.value > best->ridge->r_squared.value)
      best = &probes;
  }
  if (best == nullptr) return {};
  const Estimate& found = best->ridge->r_squared;
  return fmt::format(
      "A linear probe tells {} best from the whole {} vector of layer {}: held-out R² = {}.",
      property_label(study.properties.front()), name(best->point.readout), best->point.layer,
      shown_estimate(found, Digits::of_ratio(found)));
}

/// Breaks `text` between words into lines of at most 80 characters (bytes, to be exact).
std::string wrapped(std::string_view text) {
  constexpr std::size_t kWidth = 80;
  std::string lines;
  while (text.size() > kWidth) {
    std::size_t end = text.rfind(' ', kWidth);
    if (end == std::string_view::npos || end == 0) end = text.find(' ', 1);
    if (end == std::string_view::npos) break;
    lines.append(text.substr(0, end)) += '\n';
    text.remove_prefix(end + 1);
  }
  return lines.append(text) + "\n";
}

std::string proportion(const Proportion& found) {
  return fmt::format("{} [{:.1f}, {:.1f}]", percent(found.share), 100 * found.interval.low,
                     100 * found.interval.high);
}

std::string_view answer(Answer most_likely) {
  switch (most_likely) {
    case Answer::yes:
      return "holds";
    case Answer::no:
      return "does not hold";
    case Answer::vacuous:
    case Answer::undecided:
      break;
  }
  return "undecided";
}

std::string_view comparison(Answer more_than_base_rate) {
  switch (more_than_base_rate) {
    case Answer::yes:
      return "above the base rate";
    case Answer::no:
      return "below the base rate";
    case Answer::vacuous:
    case Answer::undecided:
      break;
  }
  return "not told from the base rate";
}

std::string claim(const ShortnessClaim& claim) {
  const bool vacuous = claim.most_likely_short == Answer::vacuous;
  if (!claim.short_given_side) return vacuous ? "no such sentence" : "no such sentence; undecided";
  if (vacuous) {
    return fmt::format("{} short of {}: says nothing, {} short",
                       proportion(*claim.short_given_side),
                       thousands(claim.short_given_side->count),
                       claim.short_given_side->hits == 0 ? "no sentence is" : "all sentences are");
  }
  return fmt::format("{} short of {}: {}, {}", proportion(*claim.short_given_side),
                     thousands(claim.short_given_side->count), answer(claim.most_likely_short),
                     comparison(claim.more_than_base_rate));
}

std::string claims(const ShortnessClaims& claims, const StatisticColumn& column) {
  std::string text = fmt::format(
      "\nDoes a {} outside the band most likely mean a short sentence (under {} tokens)?\n",
      number_label(column.statistic), claims.short_below);
  for (const ShortnessClaim& side : claims.sides) text += row(side.side, claim(side));
  return text + row("base rate", proportion(claims.base_rate) + " short of all");
}

/// How many numbers a column lacks, and why.
std::string number_column(const NumberColumn& column, const Counts& counts) {
  std::string text =
      fmt::format("{} has a number for {} of {} sentences",
                  printable(column.name, kLongestName, Medium::terminal),
                  thousands(counts.kept - column.missing - column.beyond), thousands(counts.kept));
  if (column.beyond > 0) text += fmt::format("; {} lie beyond 1e50", thousands(column.beyond));
  return text;
}

std::string stopped(const EarlyStop& stop) {
  const std::string looks =
      stop.looks == 1 ? "its only look" : fmt::format("the last of {} looks", stop.looks);
  if (!stop.reached) {
    return fmt::format("not early: after {} R²'s interval is wider than {}", looks, stop.width);
  }
  if (stop.look == stop.looks) {
    return fmt::format("at the end, at {}: R²'s interval is narrower than {}", looks, stop.width);
  }
  return fmt::format("early, at look {} of {}: R²'s interval is narrower than {}", stop.look,
                     stop.looks, stop.width);
}

std::string precision(std::string_view name, const PrecisionError& error) {
  return fmt::format("{}; norms against fp32 on {}: {:.1e} apart, {:.1e} at most (relative)", name,
                     thousands(error.sentences), error.mean, error.largest);
}

}  // namespace

std::string summary(const Results& results) {
  const Manifest& manifest = results.manifest;
  const Study& study = results.study;
  std::string text = fmt::format("{}\n{} on {}\n\n", results.question,
                                 printable(manifest.model.name, kLongestName, Medium::terminal),
                                 printable(manifest.corpus.name, kLongestName, Medium::terminal));
  if (!manifest.corpus.columns.empty()) text += row("column", columns(manifest.corpus));
  text += row("sentences", sentences(manifest.counts));
  text += row("left out", dropped(manifest.counts));
  if (const std::string sample = sample_text(manifest); !sample.empty()) {
    text += row("sample", sample);
  }
  if (manifest.prompt) text += row("prompt", prompt_words(*manifest.prompt));
  for (const NumberColumn& column : manifest.number_columns) {
    if (column.missing + column.beyond > 0) {
      text += row("column", number_column(column, manifest.counts));
    }
  }
  if (manifest.early_stop) text += row("stopped", stopped(*manifest.early_stop));
  if (manifest.precision_error) {
    text += row("precision", precision(name(manifest.precision), *manifest.precision_error));
  }
  if (const auto& spread = study.statistics.front().spread) {
    text += row("mean", spread_text(*spread));
  }
  const GridRelation& first = study.relations.front();
  if (first.relation.line) {
    const auto& [slope, intercept, r_squared] = *first.relation.line;
    text += row("slope", estimate(slope, Digits::of(slope)));
    text += row("intercept", estimate(intercept, Digits::of(intercept)));
    text += row("R²", estimate(r_squared, Digits::of_ratio(r_squared)));
  }
  if (study.band) {
    const Interval band{.low = study.band->low, .high = study.band->high};
    text +=
        row("band", fmt::format("{} holds {} of the sentences", shown_range(band, Digits::of(band)),
                                percent(study.band->share)));
  }
  if (study.claims) text += claims(*study.claims, first.statistic);
  text += "\n" + wrapped(study.conclusion.text);
  for (const std::string& limit : study.conclusion.limits) text += wrapped("Note: " + limit);
  for (const std::string& more : {strongest(study), best_probe(study)}) {
    if (!more.empty()) text += "\n" + wrapped(more);
  }
  return text;
}

}  // namespace normscope
