// How a statistic is related to a property: correlations, a monotone fit, binned means, held-out
// R², and what remains if other properties are held fixed, each with its interval.
//
//     const normscope::Relation relation = normscope::relate(lengths, norms);
//     if (relation.spearman) std::cout << "ρ = " << relation.spearman->estimate.value << '\n';
//     if (relation.line) std::cout << "R² = " << relation.line->r_squared.value << '\n';
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "normscope/analysis.h"
#include "normscope/export.h"

namespace normscope {

/// A rank correlation in [-1, 1]. Standard error and interval are the jackknife's for atanh,
/// transformed back (no distribution is assumed); the p-value is for the hypothesis of no
/// correlation.
struct RankCorrelation {
  Estimate estimate;
  double p_value = 1;
};

/// The best monotone function of the property for the statistic, by pooling adjacent violators
/// (Ayer et al. 1955), in whichever direction explains more.
struct MonotoneFit {
  bool increasing = true;
  /// Share of the statistic's variance that it explains, in the sample it was fitted to.
  double r_squared = 0;
};

/// How well the statistic predicts the property of sentences that were not learned from: by a step
/// function over equal-count bins of the statistic, cross-fitted.
struct HeldOut {
  /// 1 - squared error / squared error of the training mean; below 0 if the function misleads.
  Estimate r_squared;
  /// Mean |property - guess| with the median of the bin as the guess, in units of the property.
  Estimate absolute_error;
  /// The same with the median of the whole training part, the constant guess.
  double constant_error = 0;
  /// constant_error - absolute_error, from the differences sentence by sentence.
  Estimate error_saved;
};

/// The statistic of the sentences whose property lies in [low, high].
struct FunnelBin {
  double low = 0;
  double high = 0;
  std::uint64_t count = 0;
  double mean_property = 0;
  double mean = 0;
  /// With count - 1; absent for one sentence.
  std::optional<double> standard_deviation;
  /// At 0.05, 0.25, 0.5, 0.75 and 0.95.
  std::vector<Quantile> quantiles;
};

/// "A statistic below `low` or above `high` means a short sentence": the interval with the largest
/// Youden's J (1950) on one half of the sentences, judged on the other half.
struct ThresholdRule {
  double short_below = 20;
  /// A side that is absent has no threshold.
  std::optional<double> low;
  std::optional<double> high;
  /// The share of the judged sentences that are short.
  Proportion base_rate;
  /// The share of short ones among those that the rule calls short; absent if it calls none short.
  std::optional<Proportion> precision;
  /// The share of the short ones that the rule calls short; absent if none is short.
  std::optional<Proportion> recall;
  /// Area under the ROC curve of the distance outside [low, high]; error by DeLong et al. 1988,
  /// interval on the logit scale. Absent if all or none of the judged are short.
  std::optional<Estimate> auc;
};

struct RelationOptions {
  std::uint64_t seed = 0;
  /// Resamples of the bootstrap; 100 to 1,000,000.
  std::uint32_t resamples = 2000;
  /// Parts of the cross-fitting; 2 to 100.
  std::uint32_t folds = 5;
  /// At most this many equal-count bins of the funnel, and of the statistic for its correlation
  /// ratio; at least 2. There are fewer if a bin would hold fewer than 10 sentences.
  std::uint32_t funnel_bins = 20;
  std::uint32_t statistic_bins = 100;
  /// A sentence is short if its property is less than this.
  double short_below = 20;
  /// Confidence of the interval of the line's R², in (0, 1): above 0.95 if this is one of several
  /// looks at a growing sample (see confidence_of_each_look()).
  double r_squared_confidence = 0.95;
};

/// All numbers about one property against one statistic. What cannot be computed (one sentence,
/// equal numbers) is absent.
struct Relation {
  std::uint64_t sentences = 0;
  /// The statistic on the property.
  std::optional<Regression> line;
  /// The same R² with the bootstrap's error and interval: r is resampled (bias-corrected and
  /// accelerated, Efron 1987), and its interval squared. Absent below four sentences.
  std::optional<Estimate> bootstrap_r_squared;
  std::optional<RankCorrelation> spearman;
  /// Tau-b.
  std::optional<RankCorrelation> kendall;
  std::optional<MonotoneFit> monotone;
  std::optional<CorrelationRatio> statistic_given_property;
  std::optional<CorrelationRatio> property_given_statistic;
  std::optional<HeldOut> held_out;
  /// In ascending order of the property.
  std::vector<FunnelBin> funnel;
  std::optional<ThresholdRule> threshold;
};

/// Takes one number of each per sentence. The same seed draws the same resamples and parts on every
/// machine. Throws std::invalid_argument if the sizes differ, a number is not finite or an option
/// is out of range, and Interrupted soon after `stop` is requested.
NORMSCOPE_EXPORT Relation relate(std::span<const double> property,
                                 std::span<const double> statistic,
                                 const RelationOptions& options = {},
                                 const std::stop_token& stop = {});

/// Correlation of the residuals of property and statistic after linear regression on the
/// covariates.
struct PartialRelation {
  /// Jackknife of atanh, with the regressions refitted without each sentence.
  Estimate correlation;
  /// Share of the statistic's variance left by the covariates that the property explains.
  Estimate r_squared;
  /// For the hypothesis of no correlation, by Student's t.
  double p_value = 1;
  /// Covariates that are linearly independent of the others and of a constant.
  std::uint64_t covariates = 0;
};

/// `covariates` holds `columns` numbers per sentence, row by row. Nothing if the covariates
/// determine the property or the statistic, or too few sentences are left to tell (fewer than
/// independent covariates + 3). Throws std::invalid_argument as relate() does.
NORMSCOPE_EXPORT std::optional<PartialRelation> relate_given(std::span<const double> property,
                                                             std::span<const double> statistic,
                                                             std::span<const double> covariates,
                                                             std::size_t columns,
                                                             const std::stop_token& stop = {});

/// Holm's (1979) adjusted p-values, in the order given: rejecting those below α keeps the chance of
/// any false rejection below α. Throws std::invalid_argument if one is not in [0, 1].
NORMSCOPE_EXPORT std::vector<double> holm(std::span<const double> p_values);

}  // namespace normscope
