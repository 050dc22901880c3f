// The numbers that an analysis is made of: intervals, the line with its R², distributions, the
// verdict. relation.h and study.h compute them.
//
//     const auto line = normscope::line_r_squared(lengths, norms, 0.95);
//     if (line) std::cout << "R² = " << line->value << " ± " << *line->standard_error << '\n';
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/export.h"

namespace normscope {

/// A two-sided 95 % interval, or any other range of numbers.
struct Interval {
  double low = 0;
  double high = 0;
};

/// A number with its standard error and its 95 % interval; both are absent if there are too few
/// sentences to estimate them.
struct Estimate {
  double value = 0;
  std::optional<double> standard_error;
  std::optional<Interval> interval;
};

/// Ordinary least squares of a statistic on a property.
struct Regression {
  /// Change of the statistic per unit of the property, and the statistic at 0.
  /// Heteroscedasticity-robust errors (HC3; MacKinnon and White 1985), intervals by Student's t
  /// with n - 2 degrees of freedom, as statsmodels' OLS(...).fit(cov_type="HC3", use_t=True).
  Estimate slope;
  Estimate intercept;
  /// The square of Pearson's r, and so the same for the line of the property on the statistic. Its
  /// error and its interval are the jackknife's for atanh(r), brought back to r²: no distribution
  /// is assumed, and the interval stays within [0, 1].
  Estimate r_squared;
};

/// Correlation ratio η² = between-group / total variance (Pearson 1905).
struct CorrelationRatio {
  double eta_squared = 0;
  /// ε² = 1 - (1 - η²)(n - 1)/(n - groups), not below 0 (Kelley 1935): η² minus what as many groups
  /// explain by chance. The interval is the delta method's for log(1 - ε²), widened by the chance
  /// variation of the group means. Absent if every sentence is a group of its own.
  std::optional<Estimate> epsilon_squared;
  std::uint64_t groups = 0;
};

/// Linear between order statistics: type 7 of Hyndman and Fan 1996, numpy's default.
struct Quantile {
  double probability = 0;
  double value = 0;
};

struct Distribution {
  double mean = 0;
  /// With n - 1; absent for one sentence.
  std::optional<double> standard_deviation;
  /// From the minimum (probability 0) to the maximum (1).
  std::vector<Quantile> quantiles;
};

/// How much the values of a statistic vary.
struct Spread {
  double mean = 0;
  /// With n - 1; absent for one sentence.
  std::optional<double> standard_deviation;
  /// standard_deviation / |mean|; absent if the mean is 0.
  std::optional<double> coefficient_of_variation;
  /// They are equal, or differ by no more than the rounding of floating-point numbers: whatever
  /// follows from them is noise.
  bool rounding = false;
};

/// Relative error that single precision leaves in a statistic.
inline constexpr double kSinglePrecision = 1e-6;

/// The shortest interval from value to value that holds the wanted share of them (the lowest of
/// several).
struct Band {
  /// The values that it holds, ends included: at least the wanted share.
  double share = 0;
  double low = 0;
  double high = 0;
};

/// A share `hits` / `count` with its Wilson (1927) 95 % interval; `count` is not 0.
struct Proportion {
  std::uint64_t count = 0;
  std::uint64_t hits = 0;
  double share = 0;
  Interval interval;
};

enum class Answer {
  yes,
  no,
  undecided,
  /// All sentences are short, or none is: the outcome was certain, so the claim says nothing.
  vacuous
};

/// "A statistic on this side of the band most likely means a short sentence."
struct ShortnessClaim {
  /// "above", "below" or "outside".
  std::string side;
  /// Sentences on this side, and how many of them are short; absent if there are none.
  std::optional<Proportion> short_given_side;
  /// share / base rate; absent if the base rate is 0.
  std::optional<double> lift;
  /// Is the short share above one half? Yes or no if its interval lies on one side of it.
  Answer most_likely_short = Answer::undecided;
  /// Is it above the base rate? Yes or no if the two intervals do not overlap.
  Answer more_than_base_rate = Answer::undecided;
};

struct ShortnessClaims {
  /// A sentence is short with fewer tokens than this.
  double short_below = 20;
  /// Short sentences, of all.
  Proportion base_rate;
  std::vector<ShortnessClaim> sides;
};

/// A share of variance that is explained, within [0, 1], minus what is explained by chance.
struct ExplainedShare {
  double value = 0;
  std::optional<Interval> interval;
};

/// Shares that can be compared with each other: a line is a function, so it never explains more
/// than the best function does.
struct ExplainedShares {
  /// Adjusted R², 1 - (1 - R²)(n - 1)/(n - 2): of one of the two, by a line from the other.
  ExplainedShare line;
  /// The larger of that and ε², and likewise for the ends of the intervals: of the property by any
  /// function of the statistic, and the other way round. Absent if ε² is.
  std::optional<ExplainedShare> property_given_statistic;
  std::optional<ExplainedShare> statistic_given_property;
};

/// Is the statistic a reliable proxy for the property? Judged by ExplainedShares, rounded to a
/// tenth of a percent, as they are printed.
enum class Verdict {
  /// The line's interval lies at 90 % or above.
  reliable,
  /// It lies below, yet that of the best function of the statistic lies at 90 % or above: no line
  /// tells the property, another function does.
  not_linear,
  /// Both lie below 0.9.
  unreliable,
  /// Anything else, or fewer than 20 sentences.
  undecided
};

/// R² of the line through (x[i], y[i]) with its interval at `confidence`, in (0, 1); nothing if
/// all of x or all of y are equal. Throws std::invalid_argument if the sizes differ or a number
/// is not finite.
NORMSCOPE_EXPORT std::optional<Estimate> line_r_squared(std::span<const double> x,
                                                        std::span<const double> y,
                                                        double confidence);

/// Sample sizes at which a run checks whether it may stop: `first`, then each about 1.25 times the
/// one before, and `total`. Throws std::invalid_argument for a first of 0.
NORMSCOPE_EXPORT std::vector<std::uint64_t> look_sizes(std::uint64_t first, std::uint64_t total);

/// Confidence that an interval needs at each look at a growing sample (its sizes increase) for the
/// intervals of all looks to hold the truth together with probability 0.95, so that stopping at
/// any of them, for whatever reason, leaves a valid one: repeated confidence intervals (Jennison
/// and Turnbull 1989) with Pocock's (1977) constant boundary.
NORMSCOPE_EXPORT double confidence_of_each_look(std::span<const std::uint64_t> sizes);

/// "yes", "no", "undecided", "vacuous".
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Answer answer);
/// "reliable", "not_linear", "unreliable", "undecided".
[[nodiscard]] NORMSCOPE_EXPORT std::string_view name(Verdict verdict);

}  // namespace normscope
