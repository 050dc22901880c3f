#include "analysis/verdict.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string_view>

#include "analysis/capitalised.h"
#include "analysis/share.h"

namespace normscope {
namespace {

/// The least share of the length's variance, in percent, that a reliable proxy tells: it leaves an
/// error of at most √0.1 = 32 % of the one made without it.
constexpr double kReliable = 90;

/// Fewer sentences may lie on a line by chance.
constexpr std::uint64_t kLeastSentences = 20;

/// In percent with one decimal: what is judged is what is printed.
double percent(double share) { return std::round(1000 * share) / 10; }

Verdict decide(const Analysis& analysis) {
  if (analysis.sentences < kLeastSentences || !analysis.shares) return Verdict::undecided;
  const std::optional<Interval>& line = analysis.shares->line.interval;
  const std::optional<ExplainedShare>& function = analysis.shares->length_given_norm;
  if (!line || !function || !function->interval) return Verdict::undecided;
  const Interval& any = *function->interval;
  if (percent(line->low) >= kReliable) return Verdict::reliable;
  if (percent(any.high) < kReliable) return Verdict::unreliable;
  const bool line_fails = percent(line->high) < kReliable;
  return line_fails && percent(any.low) >= kReliable ? Verdict::not_linear : Verdict::undecided;
}

std::string text_of(const ExplainedShare& share) {
  std::string value = fmt::format("{:.1f} %", percent(share.value));
  if (!share.interval) return value;
  return fmt::format("{} [{:.1f}, {:.1f}]", value, percent(share.interval->low),
                     percent(share.interval->high));
}

std::string opening(Verdict verdict, std::string_view statistic, std::string_view property) {
  switch (verdict) {
    case Verdict::reliable:
      return fmt::format("{} is a reliable proxy for {}", statistic, property);
    case Verdict::not_linear:
      return fmt::format("{} tells {}, but not along a straight line", statistic, property);
    case Verdict::unreliable:
      return fmt::format("{} is not a reliable proxy for {}", statistic, property);
    case Verdict::undecided:
      break;
  }
  return fmt::format("whether {} is a reliable proxy for {} cannot be decided from these sentences",
                     statistic, property);
}

/// An error as large as `spread` or smaller, with digits enough to tell the two apart.
std::string error_text(double error, double spread) {
  if (spread >= 1 && spread < 1e6) return fmt::format("{:.1f}", error);
  return fmt::format("{:.3g}", error);
}

}  // namespace

void reach_verdict(Analysis& analysis) {
  if (analysis.regression) {
    if (const auto line = adjusted_r_squared(analysis.regression->r_squared, analysis.sentences)) {
      analysis.shares = {.line = *line,
                         .length_given_norm = any_function(*line, analysis.length_given_norm),
                         .norm_given_length = any_function(*line, analysis.norm_given_length)};
    }
  }
  analysis.verdict = decide(analysis);
  const std::string& statistic = analysis.options.statistic_words;
  const std::string& property = analysis.options.property_words;
  std::string& text = analysis.verdict_text;
  text = capitalised(opening(analysis.verdict, statistic, property));
  if (!analysis.shares) {
    text += ".";
    return;
  }
  const std::optional<ExplainedShare>& read_off = analysis.shares->length_given_norm;
  text += fmt::format(": adjusted for chance, a line explains {} of the variance of either",
                      text_of(analysis.shares->line));
  if (read_off) {
    text += fmt::format("; the best function of {} explains about {} of the variance of {}",
                        statistic, text_of(*read_off), property);
  }
  if (const std::optional<ExplainedShare>& followed = analysis.shares->norm_given_length) {
    text += fmt::format("; the best function of {} explains about {} of the variance of {}",
                        property, text_of(*followed), statistic);
  }
  text += ".";
  if (read_off) {
    const double spread = *analysis.lengths->standard_deviation;
    const double error = spread * std::sqrt(1 - read_off->value);
    text += fmt::format(
        " Reading {} off {} leaves an error of {} {} (root mean square); guessing leaves {}.",
        property, statistic, error_text(error, spread), analysis.options.unit,
        error_text(spread, spread));
  }
}

}  // namespace normscope
