// The whole analysis: every statistic against every property, the probes of the vectors, and the
// answer to the question.
//
//     normscope::StudyInput input;
//     input.statistics = {{normscope::column_named("layer6.cls.l2"), norms}};
//     input.properties = {{"tokens", lengths}};
//     const normscope::Study study = normscope::study(input);
//     std::cout << study.conclusion.text << '\n';
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/analysis.h"
#include "normscope/encoder.h"
#include "normscope/export.h"
#include "normscope/measure.h"
#include "normscope/probes.h"
#include "normscope/relation.h"

namespace normscope {

/// A property by name, one number per sentence. In all but the first, numbers may be NaN; such
/// sentences are left out of the property's relations.
struct Series {
  std::string name;
  std::vector<double> values;
};

/// A statistic, one number per sentence.
struct StatisticSeries {
  StatisticColumn column;
  std::vector<double> values;
  /// Magnitude of the numbers that the values were computed from, which their rounding is relative
  /// to; absent: the mean of the values.
  std::optional<double> magnitude = std::nullopt;
};

/// The vectors that one readout point gives for some sentences.
struct PointVectors {
  ReadoutPoint point;
  Vectors vectors;
};

/// Some of the sentences measured again by a control: with random weights, or with the words
/// shuffled.
struct ControlSample {
  std::string name;
  /// For each of the study's statistics, one number per row of the control.
  std::vector<std::vector<double>> statistics;
  /// For the points of the study's vectors, in their order; empty if none were kept.
  std::vector<PointVectors> vectors;
};

/// Everything measured for the sentences that are kept.
struct StudyInput {
  /// The first of each are what the question is about.
  std::vector<StatisticSeries> statistics;
  std::vector<Series> properties;
  /// Held fixed in partial relations, except the property itself. For a column of the corpus
  /// (kCorpusColumn), the first property, the length, is held fixed too.
  std::vector<Series> covariates;
  /// Sentences (positions in the series) of the vectors' rows, and the vectors.
  std::vector<std::size_t> vector_rows;
  std::vector<PointVectors> vectors;
  /// Words of the sentences in vector_rows: SentEval's length.
  std::vector<double> words;
  /// Shift of the LayerNorm that made the first point's vectors; empty if none did.
  std::vector<float> beta;
  /// Sentences of the controls' rows, and the controls. If controls have vectors, these are of the
  /// rows of vector_rows that are among control_rows, in their order.
  std::vector<std::size_t> control_rows;
  std::vector<ControlSample> controls;
};

/// What the sentences of the verdict call the first statistic and the first property, and the unit
/// of the latter.
struct QuestionWords {
  std::string statistic = "the norm";
  std::string property = "the length";
  std::string unit = "tokens";
};

struct StudyOptions {
  QuestionWords words;
  /// Share of the first statistic's values that the band holds; in (0, 1].
  double band_share = 0.9;
  RelationOptions relation;
  /// RelationOptions::r_squared_confidence of the first relation, which a run may have looked at
  /// while the sample grew.
  double r_squared_confidence = 0.95;
  RidgeOptions ridge;
  SentenceLengthOptions sentence_length;
  NormDirectionOptions norm_direction{.reruns = 20, .most_sentences = 2000};
  /// Permutations of the property, for the control that needs no second measurement.
  std::uint32_t permutations = 20;
  /// Relative error of the statistics; not negative.
  double precision = kSinglePrecision;
  unsigned threads = 1;
};

/// A statistic and the spread of its values; all 0 without sentences.
struct StudiedStatistic {
  StatisticColumn column;
  std::optional<Spread> spread;
};

/// A relation with other properties, the covariates, held fixed.
struct HeldFixed {
  std::vector<std::string> given;
  PartialRelation relation;
};

/// R² of the line on the sentences as the control measured them.
struct RelationControl {
  double r_squared = 0;
  /// R² of the real model and words on the same sentences minus this one, with a bootstrap over the
  /// sentences.
  Estimate difference;
};

/// R² of the line on the control sample: of the real relation and of the controls.
struct RelationControls {
  std::uint64_t sentences = 0;
  double real = 0;
  /// Mean over permutations of the property among the sentences.
  double permuted = 0;
  /// By the controls' names.
  std::map<std::string, RelationControl> measured;
};

/// One property against one statistic.
struct GridRelation {
  StatisticColumn statistic;
  std::string property;
  Relation relation;
  /// p-value of Spearman's ρ, adjusted over the whole grid.
  std::optional<double> p_value_holm;
  /// Absent if there is nothing to hold fixed, or if nothing remains then.
  std::optional<HeldFixed> partial;
  /// Absent if fewer than two sentences of the control sample have the property.
  std::optional<RelationControls> controls;
};

struct ProbeControl {
  std::optional<RidgeProbe> ridge;
  std::optional<SentenceLengthProbe> sentence_length;
};

/// What the vectors at one point tell.
struct PointProbes {
  ReadoutPoint point;
  std::uint64_t sentences = 0;
  std::optional<RidgeProbe> ridge;
  std::optional<SentenceLengthProbe> sentence_length;
  /// Only for the first point.
  std::optional<NormDirection> norm_direction;
  /// By the controls' names.
  std::map<std::string, ProbeControl> controls;
};

/// The answer to the question of whether the first statistic tells the first property.
struct Conclusion {
  Verdict verdict = Verdict::undecided;
  /// In sentences, with the numbers that it is based on.
  std::string text;
  /// Absent without a line, or with fewer than three sentences.
  std::optional<ExplainedShares> shares;
  /// What could not be computed, and why, one sentence each.
  std::vector<std::string> limits;
};

/// All results of the analysis. What cannot be computed (such as a line through one sentence) is
/// absent. The question is about the first statistic and the first property, whose relation is the
/// first.
struct Study {
  std::uint64_t sentences = 0;
  Conclusion conclusion;
  /// Of the first statistic and the first property.
  std::optional<Distribution> statistic;
  std::optional<Distribution> property;
  /// Of the first statistic.
  std::optional<Band> band;
  /// If the first property is the token length.
  std::optional<ShortnessClaims> claims;
  std::vector<StudiedStatistic> statistics;
  std::vector<std::string> properties;
  /// Property by property, and for each the statistics in their order.
  std::vector<GridRelation> relations;
  /// The first property probed for, point by point.
  std::vector<PointProbes> probes;
  /// Of the first point.
  std::optional<Dimensions> dimensions;

  /// By position among the properties and the statistics.
  [[nodiscard]] const GridRelation& relation(std::size_t of_property,
                                             std::size_t of_statistic) const {
    return relations[of_property * statistics.size() + of_statistic];
  }
};

/// Called after each part of a study with how much of its work is done; calls never overlap.
using StudyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Relates, probes and concludes. The same input and seeds give the same numbers, whatever the
/// number of threads. Throws std::invalid_argument if sizes do not fit, a number is not finite or
/// an option is out of range, and Interrupted soon after `stop` is requested.
NORMSCOPE_EXPORT Study study(const StudyInput& input, const StudyOptions& options = {},
                             const StudyProgress& progress = {}, const std::stop_token& stop = {});

}  // namespace normscope
