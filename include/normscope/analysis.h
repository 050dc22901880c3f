#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace normscope {

struct Interval {
  double low = 0;
  double high = 0;
};

/// A number with its standard error and its 95 % interval.
struct Estimate {
  double value = 0;
  double standard_error = 0;
  Interval interval;
};

/// Ordinary least squares of the norm on the token length.
struct Regression {
  Estimate slope;
  Estimate intercept;
  Estimate r_squared;
};

/// Correlation ratio η² = between-group / total variance, and its estimate for the population, ε²,
/// which takes off what the number of groups alone would explain.
struct CorrelationRatio {
  double eta_squared = 0;
  double epsilon_squared = 0;
  std::uint64_t groups = 0;
};

struct Quantile {
  double probability = 0;
  double value = 0;
};

struct Distribution {
  double mean = 0;
  double standard_deviation = 0;
  std::vector<Quantile> quantiles;
};

/// The shortest interval that holds `share` of the norms.
struct Band {
  double share = 0;
  double low = 0;
  double high = 0;
};

/// A share `hits` / `count` with its Wilson 95 % interval.
struct Proportion {
  std::uint64_t count = 0;
  std::uint64_t hits = 0;
  double share = 0;
  Interval interval;
};

enum class Answer { yes, no, undecided };

/// "A norm on this side of the band most likely means a short sentence."
struct ShortnessClaim {
  /// "above", "below" or "outside".
  std::string side;
  /// Sentences on this side, and how many of them are short.
  Proportion short_given_side;
  /// share / base rate; absent where the base rate is 0.
  std::optional<double> lift;
  /// Is the short share above one half?
  Answer most_likely_short = Answer::undecided;
  /// Is it above the base rate?
  Answer more_than_base_rate = Answer::undecided;
};

enum class Verdict { reliable, not_linear, unreliable, undecided };

struct AnalysisOptions {
  double band_share = 0.9;
  /// A sentence is short with fewer tokens than this.
  double short_below = 20;
  /// Equal-count bins of the norm for the correlation ratio of the length given the norm.
  std::uint64_t norm_bins = 100;
};

/// What the lengths and norms of the kept sentences say. What cannot be computed (no regression
/// with one sentence, say) is absent, and `limits` tells why, a sentence each.
struct Analysis {
  AnalysisOptions options;
  std::uint64_t sentences = 0;
  std::optional<Distribution> norms;
  std::optional<Distribution> lengths;
  std::optional<Regression> regression;
  /// How well any function of the length could explain the norm.
  std::optional<CorrelationRatio> norm_given_length;
  /// How well any function of the (binned) norm could tell the length.
  std::optional<CorrelationRatio> length_given_norm;
  std::optional<Band> band;
  std::optional<Proportion> short_base_rate;
  std::vector<ShortnessClaim> claims;
  Verdict verdict = Verdict::undecided;
  /// The verdict in a sentence, with the numbers that it rests on.
  std::string verdict_text;
  std::vector<std::string> limits;
};

/// `lengths` in tokens and `norms`, one of each a sentence. Throws std::invalid_argument where
/// their sizes differ or a number is not finite.
Analysis analyse(std::span<const double> lengths, std::span<const double> norms,
                 const AnalysisOptions& options = {});

[[nodiscard]] std::string_view name(Answer answer);
[[nodiscard]] std::string_view name(Verdict verdict);

}  // namespace normscope
