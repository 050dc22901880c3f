#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/analysis.h"
#include "normscope/encoder.h"
#include "normscope/export.h"
#include "normscope/probes.h"
#include "normscope/relation.h"

namespace normscope {

/// A statistic or a property by name, one number a sentence. Properties but the first may be NaN:
/// their relations are of the other sentences.
struct Series {
  std::string name;
  std::vector<double> values;
  /// Of a statistic: the magnitude of what its numbers were computed from, which their rounding is
  /// relative to; absent: the mean of the values.
  std::optional<double> magnitude = std::nullopt;
};

/// The vectors that one readout point gives for some sentences.
struct PointVectors {
  ReadoutPoint point;
  Vectors vectors;
};

/// What a control made of some of the sentences: the model with random weights, or the words
/// shuffled.
struct ControlSample {
  std::string name;
  /// As many as there are statistics, each with a number for every row of the control.
  std::vector<Series> statistics;
  /// For the points of the study's vectors, in their order; empty where none were kept.
  std::vector<PointVectors> vectors;
};

/// Everything measured, of the sentences that are kept.
struct StudyInput {
  /// The first of each are what the first question is about.
  std::vector<Series> statistics;
  std::vector<Series> properties;
  /// Held fixed in partial relations: all but the property itself. Of a corpus' own column
  /// (kCorpusColumn) the first property, the length, is held fixed too.
  std::vector<Series> covariates;
  /// Sentences (positions in the series) of the vectors' rows, and the vectors.
  std::vector<std::size_t> vector_rows;
  std::vector<PointVectors> vectors;
  /// Words of the sentences in vector_rows: SentEval's length.
  std::vector<double> words;
  /// Shift of the LayerNorm that made the first point's vectors; empty where none did.
  std::vector<float> beta;
  /// Sentences of the controls' rows, and the controls. Where controls have vectors, these are of
  /// the rows of vector_rows that are among control_rows, in their order.
  std::vector<std::size_t> control_rows;
  std::vector<ControlSample> controls;
};

struct StudyOptions {
  RelationOptions relation;
  RidgeOptions ridge;
  SentenceLengthOptions sentence_length;
  NormDirectionOptions norm_direction{.reruns = 20, .most_sentences = 2000};
  /// Permutations of the property, for the control that needs no second measuring.
  std::uint32_t permutations = 20;
  /// Relative error of the statistics.
  double precision = kSinglePrecision;
  unsigned threads = 1;
};

/// R² of the line on the control's sentences.
struct RelationControl {
  std::string name;
  double r_squared = 0;
  /// R² of the real thing on the same sentences less this: a bootstrap over the sentences.
  Estimate difference;
};

/// One property against one statistic.
struct GridRelation {
  std::string statistic;
  std::string property;
  Relation relation;
  /// Of Spearman's ρ, adjusted over the whole grid.
  std::optional<double> p_value_holm;
  /// The covariates held fixed, and what is left.
  std::vector<std::string> given;
  std::optional<PartialRelation> partial;
  /// Of the control sample: its sentences, R² as it is, and the mean R² with the property permuted.
  std::uint64_t control_sentences = 0;
  std::optional<double> r_squared;
  std::optional<double> permuted;
  std::vector<RelationControl> controls;
};

/// What the vector knows, at one point.
struct PointProbes {
  ReadoutPoint point;
  std::uint64_t sentences = 0;
  std::optional<RidgeProbe> ridge;
  std::optional<SentenceLengthProbe> sentence_length;
  /// Of the first point alone.
  std::optional<NormDirection> norm_direction;
  struct Control {
    std::string name;
    std::optional<RidgeProbe> ridge;
    std::optional<SentenceLengthProbe> sentence_length;
  };
  std::vector<Control> controls;
};

struct Study {
  std::vector<std::string> statistics;
  /// Of each statistic.
  std::vector<Spread> spreads;
  std::vector<std::string> properties;
  /// Property by property, in each the statistics in their order.
  std::vector<GridRelation> relations;
  /// The first property probed for, point by point.
  std::vector<PointProbes> probes;
  /// Of the first point.
  std::optional<Dimensions> dimensions;
};

/// Told after each part of a study how much of its work is done; calls never overlap.
using StudyProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Analyses everything. The same input and seeds give the same numbers whatever the threads. Throws
/// std::invalid_argument where sizes do not fit or a number is not finite, and Interrupted soon
/// after `stop` is requested.
NORMSCOPE_EXPORT Study study(const StudyInput& input, const StudyOptions& options = {},
                             const StudyProgress& progress = {}, const std::stop_token& stop = {});

}  // namespace normscope
