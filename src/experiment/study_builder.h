#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiment/kept_sentences.h"
#include "normscope/checkpoint.h"
#include "normscope/properties.h"
#include "normscope/results.h"
#include "normscope/study.h"

namespace normscope {

/// Takes the numbers that are analysed from a run's shards, without the texts.
class StudyBuilder {
 public:
  /// Writes its counts into `manifest`, which must outlive the builder. `truncated` says which
  /// sentences are kept.
  StudyBuilder(Manifest& manifest, TruncatedSentences truncated);

  /// All rows must be seen first: the properties need all words, and which sentences are kept may
  /// depend on how many are truncated.
  void look_at(const std::vector<Measurement>& rows);
  void end_of_looking();

  /// A shard's times, vectors and controls.
  void add(MeasuredShard& shard);
  /// A shard's rows, for all shards in the order of their indices. Fills in their properties.
  void add(std::vector<Measurement>& rows);

  /// The corpus's own columns among the properties.
  [[nodiscard]] const std::vector<std::string>& number_columns() const;

  /// Token lengths and the first statistic, of the kept sentences.
  [[nodiscard]] const std::vector<double>& lengths() const;
  [[nodiscard]] const std::vector<double>& numbers() const;

  /// The input of study(); it refers to the builder.
  [[nodiscard]] StudyInput input();

 private:
  struct Taken {
    std::vector<std::size_t> positions;
    std::vector<std::size_t> rows;
  };
  [[nodiscard]] Taken kept_of(const std::vector<std::uint64_t>& indices) const;
  [[nodiscard]] std::vector<PointVectors> vectors_of(KeptVectors& all, const Taken& taken) const;

  Manifest& manifest_;
  std::vector<StatisticColumn> columns_;
  /// Those that are not columns of the corpus.
  std::vector<Property> properties_;
  std::vector<std::string> number_columns_;
  std::vector<Property> covariates_;
  WordRanks ranks_;
  KeptSentences kept_;
  std::vector<std::uint64_t> indices_;
  std::vector<StatisticSeries> statistics_;
  std::vector<Series> property_values_;
  std::vector<Series> covariate_values_;
  std::vector<double> words_;
  KeptVectors vectors_;
  std::vector<float> shift_;
  std::vector<ControlRows> controls_;
};

}  // namespace normscope
