#include "analysis/verdict.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/capitalised.h"
#include "analysis/share.h"

namespace normscope {
namespace {

/// The least share of the property's variance, in percent, that a reliable proxy must explain: it
/// leaves an error of at most √0.1 = 32 % of the one made without it.
constexpr double kReliable = 90;

/// Fewer sentences may lie on a line by chance.
constexpr std::uint64_t kLeastSentences = 20;

/// In percent with one decimal: what is judged is what is printed.
double percent(double share) { return std::round(1000 * share) / 10; }

std::optional<ExplainedShares> shares_of(const Relation& relation) {
  if (!relation.line) return std::nullopt;
  const auto line = adjusted_r_squared(relation.line->r_squared, relation.sentences);
  if (!line) return std::nullopt;
  return ExplainedShares{
      .line = *line,
      .property_given_statistic = any_function(*line, relation.property_given_statistic),
      .statistic_given_property = any_function(*line, relation.statistic_given_property)};
}

Verdict decide(std::uint64_t sentences, const std::optional<ExplainedShares>& shares) {
  if (sentences < kLeastSentences || !shares) return Verdict::undecided;
  const std::optional<Interval>& line = shares->line.interval;
  const std::optional<ExplainedShare>& function = shares->property_given_statistic;
  if (!line || !function || !function->interval) return Verdict::undecided;
  const Interval& any = *function->interval;
  if (percent(line->low) >= kReliable) return Verdict::reliable;
  if (percent(any.high) < kReliable) return Verdict::unreliable;
  const bool line_fails = percent(line->high) < kReliable;
  return line_fails && percent(any.low) >= kReliable ? Verdict::not_linear : Verdict::undecided;
}

/// What could not be computed, and why.
std::vector<std::string> limits_of(const Study& study, const QuestionWords& words) {
  const auto all_equal = [](const Distribution& distribution) {
    return distribution.quantiles.front().value == distribution.quantiles.back().value;
  };
  if (study.sentences == 0) return {"No sentence was kept, so there is nothing to analyse."};
  if (study.sentences == 1) return {"One sentence does not make a regression."};
  if (all_equal(*study.property)) {
    return {capitalised(fmt::format(
        "{} is the same for all sentences, so nothing can depend on it.", words.property))};
  }
  if (all_equal(*study.statistic)) {
    return {
        capitalised(fmt::format("{} is the same for all sentences, so it tells nothing about {}.",
                                words.statistic, words.property))};
  }
  std::vector<std::string> limits;
  if (study.statistics.front().spread->rounding) {
    limits.push_back(capitalised(fmt::format(
        "{} differs between the sentences by no more than the rounding of floating-point numbers, "
        "so everything that follows from it is noise.",
        words.statistic)));
  }
  const Relation& relation = study.relations.front().relation;
  if (!relation.line->slope.interval || !relation.line->r_squared.interval) {
    limits.emplace_back("There are too few sentences for intervals of all of the line's numbers.");
  }
  if (!relation.statistic_given_property->epsilon_squared) {
    limits.push_back(
        fmt::format("{} differs from sentence to sentence, so it is unknown how much a function of "
                    "it could explain.",
                    capitalised(words.property)));
  }
  if (!relation.property_given_statistic) {
    limits.push_back(fmt::format(
        "Fewer than 20 sentences are not enough to tell what a function of {} could say about {}.",
        words.statistic, words.property));
  }
  return limits;
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

/// An error that is at most `spread`, with enough digits to tell the two apart.
std::string error_text(double error, double spread) {
  if (spread >= 1 && spread < 1e6) return fmt::format("{:.1f}", error);
  return fmt::format("{:.3g}", error);
}

std::string text_of(const Study& study, const Conclusion& conclusion, const QuestionWords& words) {
  const auto& [statistic, property, unit] = words;
  std::string text = capitalised(opening(conclusion.verdict, statistic, property));
  const std::optional<ExplainedShares>& shares = conclusion.shares;
  if (!shares) return text + ".";
  text += fmt::format(": adjusted for chance, a line explains {} of the variance of either",
                      text_of(shares->line));
  const std::optional<ExplainedShare>& read_off = shares->property_given_statistic;
  if (read_off) {
    text += fmt::format("; the best function of {} explains about {} of the variance of {}",
                        statistic, text_of(*read_off), property);
  }
  if (const std::optional<ExplainedShare>& followed = shares->statistic_given_property) {
    text += fmt::format("; the best function of {} explains about {} of the variance of {}",
                        property, text_of(*followed), statistic);
  }
  text += '.';
  if (read_off) {
    const double spread = *study.property->standard_deviation;
    const double error = spread * std::sqrt(1 - read_off->value);
    text += fmt::format(
        " Reading {} off {} leaves an error of {}{}{} (root mean square); guessing leaves {}.",
        property, statistic, error_text(error, spread), unit.empty() ? "" : " ", unit,
        error_text(spread, spread));
  }
  return text;
}

}  // namespace

Conclusion conclude(const Study& study, const QuestionWords& words) {
  Conclusion conclusion;
  conclusion.shares = shares_of(study.relations.front().relation);
  conclusion.verdict = decide(study.sentences, conclusion.shares);
  conclusion.text = text_of(study, conclusion, words);
  conclusion.limits = limits_of(study, words);
  return conclusion;
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::reliable:
      return "reliable";
    case Verdict::not_linear:
      return "not_linear";
    case Verdict::unreliable:
      return "unreliable";
    case Verdict::undecided:
      break;
  }
  return "undecided";
}

}  // namespace normscope
