#include "analysis/verdict.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace normscope {
namespace {

/// The least share of the length's variance that a reliable proxy tells: it leaves an error of at
/// most √0.1 = 32 % of the one made without it.
constexpr double kReliable = 0.9;

/// Fewer sentences may lie on a line by chance.
constexpr std::uint64_t kLeastSentences = 20;

Verdict decide(const Analysis& analysis) {
  if (analysis.sentences < kLeastSentences || !analysis.regression ||
      !analysis.regression->r_squared.interval) {
    return Verdict::undecided;
  }
  const Interval& line = *analysis.regression->r_squared.interval;
  if (line.low >= kReliable) return Verdict::reliable;
  if (line.high >= kReliable) return Verdict::undecided;
  if (!analysis.length_given_norm || !analysis.length_given_norm->epsilon_squared) {
    return Verdict::undecided;
  }
  const Interval& any = *analysis.length_given_norm->epsilon_squared->interval;
  if (any.low >= kReliable) return Verdict::not_linear;
  return any.high < kReliable ? Verdict::unreliable : Verdict::undecided;
}

std::string percent(const Estimate& estimate) {
  std::string value = fmt::format("{:.1f} %", 100 * estimate.value);
  if (!estimate.interval) return value;
  return fmt::format("{} [{:.1f}, {:.1f}]", value, 100 * estimate.interval->low,
                     100 * estimate.interval->high);
}

std::string opening(Verdict verdict) {
  switch (verdict) {
    case Verdict::reliable:
      return "The norm is a reliable proxy for the length";
    case Verdict::not_linear:
      return "The norm tells the length, but not along a line";
    case Verdict::unreliable:
      return "The norm is no reliable proxy for the length";
    case Verdict::undecided:
      break;
  }
  return "Whether the norm is a reliable proxy for the length cannot be decided";
}

}  // namespace

void reach_verdict(Analysis& analysis) {
  analysis.verdict = decide(analysis);
  analysis.verdict_text = opening(analysis.verdict);
  if (!analysis.regression) {
    analysis.verdict_text += " from these sentences.";
    return;
  }
  analysis.verdict_text += fmt::format(": a line tells {} of either's variance from the other",
                                       percent(analysis.regression->r_squared));
  if (const auto& any = analysis.length_given_norm; any && any->epsilon_squared) {
    analysis.verdict_text += fmt::format("; any function of the norm about {} of the length's",
                                         percent(*any->epsilon_squared));
  }
  if (const auto& any = analysis.norm_given_length; any && any->epsilon_squared) {
    analysis.verdict_text +=
        fmt::format("; no function of the length more than about {} of the norm's",
                    percent(*any->epsilon_squared));
  }
  analysis.verdict_text += ".";
  if (const auto& any = analysis.length_given_norm;
      any && any->epsilon_squared && analysis.lengths->standard_deviation) {
    const double spread = *analysis.lengths->standard_deviation;
    analysis.verdict_text += fmt::format(
        " A length read off the norm is off by {:.1f} tokens (root mean square), one guessed"
        " without it by {:.1f}.",
        spread * std::sqrt(1 - any->epsilon_squared->value), spread);
  }
}

}  // namespace normscope
