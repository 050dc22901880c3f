// Probes: what whole vectors tell about a property, and not just one statistic of them.
//
//     const normscope::Vectors vectors{values, 384};  // [sentences, 384], row by row
//     const auto probe = normscope::probe_by_ridge(vectors, lengths, {.seed = 1});
//     if (probe) std::cout << "held-out R² " << probe->r_squared.value << '\n';
// All functions throw std::invalid_argument if sizes do not match, a number is not finite or too
// large to be squared (beyond ±1e18 in a vector, ±1e150 in a property), or an option is out of
// range, and Interrupted soon after `stop` is requested. The same seed gives the same numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "normscope/analysis.h"
#include "normscope/export.h"

namespace normscope {

/// One vector per sentence, [sentences, columns], row by row.
struct Vectors {
  std::span<const float> values;
  std::size_t columns = 0;
};

struct RidgeOptions {
  std::uint64_t seed = 0;
  /// Penalties to choose from, each above 0. Default: 10⁻⁸ … 10² times the mean eigenvalue of the
  /// scatter matrix, in steps of 10.
  std::vector<double> penalties = {};
  /// Parts of the cross-fitting; 2 to 100.
  std::uint32_t folds = 5;
  /// Permutations of the property for the control task; at most 1000.
  std::uint32_t permutations = 20;
};

/// Ridge regression of the property on all the vectors, with an intercept.
struct RidgeFit {
  /// Of the penalties, the one with the least generalised cross-validation score (Golub, Heath and
  /// Wahba 1979), (RSS/n) / (1 - (trace of the hat matrix)/n)², and that score.
  double penalty = 0;
  double score = 0;
  std::vector<double> coefficients;
  double intercept = 0;
};

/// Nothing if there are fewer than two rows or no columns, or all properties are equal.
NORMSCOPE_EXPORT std::optional<RidgeFit> fit_ridge(const Vectors& vectors,
                                                   std::span<const double> property,
                                                   std::span<const double> penalties);

/// The same probe on the property permuted among the sentences (Hewitt and Liang 2019): what it
/// finds if there is nothing to find.
struct ControlTask {
  std::uint32_t permutations = 0;
  /// Mean held-out R² over the permutations.
  double r_squared = 0;
  /// Held-out R² of the property minus that of the control.
  double selectivity = 0;
  /// (1 + permutations that did as well) / (1 + permutations).
  double p_value = 1;
};

/// How well a linear function of the vector tells the property.
struct RidgeProbe {
  std::uint64_t sentences = 0;
  /// Cross-fitted, the penalty chosen on each training part.
  Estimate r_squared;
  /// Mean |property - guess|, and the same with the training mean as the guess.
  double absolute_error = 0;
  double constant_error = 0;
  /// Chosen in each fold.
  std::vector<double> penalties;
  /// Absent without permutations.
  std::optional<ControlTask> control;
};

/// Nothing if a training part has fewer than two rows, or all properties are equal.
NORMSCOPE_EXPORT std::optional<RidgeProbe> probe_by_ridge(const Vectors& vectors,
                                                          std::span<const double> property,
                                                          const RidgeOptions& options = {},
                                                          const std::stop_token& stop = {});

/// The bins of SentEval's SentLen (Conneau et al. 2018), ends included.
inline constexpr std::array<Interval, 6> kSentenceLengthBins{
    {{5, 8}, {9, 12}, {13, 16}, {17, 20}, {21, 25}, {26, 28}}};

struct SentenceLengthOptions {
  std::uint64_t seed = 0;
  /// At most this many sentences per bin; each bin contributes as many as the smallest one holds.
  std::uint64_t most_per_bin = 20000;
  /// L2 penalties of the logistic regression, each above 0, per training sentence.
  std::vector<double> penalties{1e-5, 1e-4, 1e-3, 1e-2};
  /// Units of the hidden layer, each in [1, 1000], and dropout in [0, 1).
  std::vector<std::uint32_t> hidden{50};
  std::vector<double> dropouts{0};
  /// Training ends after this many passes over the training part, or after this many passes without
  /// a better validation accuracy.
  std::uint32_t epochs = 100;
  std::uint32_t patience = 5;
};

/// Which of six length bins a sentence falls into, predicted from its vector. Balanced bins; 10/12
/// of the sentences to learn from, 1/12 to choose settings by, 1/12 to judge by (SentEval's
/// 100k/10k/10k).
struct SentenceLengthProbe {
  std::uint64_t train = 0;
  std::uint64_t validation = 0;
  struct Result {
    /// The share of the judged sentences that are put into the right bin (chance: 1/6), with
    /// Wilson's interval.
    Proportion accuracy;
    double validation_accuracy = 0;
  };
  /// Multinomial logistic regression.
  Result logistic;
  double penalty = 0;
  /// One hidden layer of sigmoid units, trained by Adam.
  Result mlp;
  std::uint32_t hidden = 0;
  double dropout = 0;
};

/// `lengths` in words (SentEval's) or tokens. Nothing if a bin has fewer than 12 sentences.
NORMSCOPE_EXPORT std::optional<SentenceLengthProbe> probe_sentence_length(
    const Vectors& vectors, std::span<const double> lengths,
    const SentenceLengthOptions& options = {}, const std::stop_token& stop = {});

struct NormDirectionOptions {
  std::uint64_t seed = 0;
  /// Reruns, each with its own noise and its own split; 2 to 10,000.
  std::uint32_t reruns = 50;
  /// At most this many sentences per rerun, drawn anew each time.
  std::uint64_t most_sentences = 5000;
};

/// Held-out R² over the reruns: the mean, its standard error, and its 99 % interval by Student's t.
struct NormDirection {
  std::uint64_t sentences = 0;
  std::uint32_t reruns = 0;
  Estimate intact;
  Estimate norm_replaced;
  Estimate direction_replaced;
  Estimate both_replaced;
  /// The loss, rerun by rerun, if noise replaces one: intact - norm_replaced, and so on.
  Estimate norm_loss;
  Estimate direction_loss;
};

/// Which of norm and direction holds the property (Klubička and Kelleher 2022). The probe is a
/// ridge regression on the vector with its norm as one more column: no linear function of the
/// vector alone could read the norm. Nothing with fewer than 20 sentences, or if all properties
/// are equal.
NORMSCOPE_EXPORT std::optional<NormDirection> compare_norm_and_direction(
    const Vectors& vectors, std::span<const double> property,
    const NormDirectionOptions& options = {}, const std::stop_token& stop = {});

/// What dimension i does to the squared norm ‖h‖² = Σ hᵢ².
struct DimensionShare {
  std::size_t dimension = 0;
  double mean = 0;
  double standard_deviation = 0;
  /// cov(hᵢ², ‖h‖²) / var(‖h‖²): positive if the dimension drives the norm, negative if it works
  /// against it. The shares add up to 1.
  double share = 0;
  /// With h = γz + β, h² = γ²z² + 2γβz + β²: the part of `share` that is due to the scale alone
  /// (γ²z²) and the part that comes with the shift (2γβz); β² does not vary. Absent without β.
  std::optional<double> scale_share;
  std::optional<double> shift_share;
  /// cov(hᵢ², property) / (sd(‖h‖²) sd(property)): they add up to the correlation of the squared
  /// norm with the property.
  double property_part = 0;
};

/// How the property is related to a norm.
struct NormRelation {
  double r_squared = 0;
  double spearman = 0;
};

struct Dimensions {
  /// Largest |share| first.
  std::vector<DimensionShare> shares;
  /// Pearson's r of the squared norm with the property.
  double property_correlation = 0;
  /// For the norm itself, and for the norm about the mean vector; absent if the norm or the
  /// property does not vary.
  std::optional<NormRelation> whole;
  std::optional<NormRelation> centred;
  struct Without {
    std::size_t left_out = 0;
    std::optional<NormRelation> relation;
  };
  /// Without the first 1, 2, 3, 5, 10 … of `shares` (fewer than all).
  std::vector<Without> without;
};

/// The exact decomposition of the squared norm. `beta` is the shift of the LayerNorm that made the
/// vectors, one number per column, or empty; the scale γ is not needed, because γz = h - β. Nothing
/// if the norms do not vary.
NORMSCOPE_EXPORT std::optional<Dimensions> decompose_norm(const Vectors& vectors,
                                                          std::span<const double> property,
                                                          std::span<const float> beta = {},
                                                          const std::stop_token& stop = {});

}  // namespace normscope
