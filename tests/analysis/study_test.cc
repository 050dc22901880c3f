#include "normscope/study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "base/random.h"

namespace normscope {
namespace {

constexpr std::size_t kSentences = 400;
constexpr std::size_t kColumns = 4;

// The first statistic follows the tokens, the second the rank, the third nothing.
struct Sample {
  Sample() {
    Random random(7);
    Series tokens{"tokens", {}};
    Series rank{"mean_word_rank", {}};
    StatisticSeries a{.column = {.point = {.layer = 2}}, .values = {}};
    StatisticSeries b{.column = {.point = {.layer = 1}}, .values = {}};
    StatisticSeries c{.column = {.point = {.layer = 0}}, .values = {}};
    for (std::size_t i = 0; i < kSentences; ++i) {
      tokens.values.push_back(static_cast<double>(5 + random.below(24)));
      rank.values.push_back(random.normal());
      a.values.push_back(10 + 0.1 * tokens.values[i] + random.normal());
      b.values.push_back(10 + rank.values[i] + random.normal());
      c.values.push_back(10 + random.normal());
      for (std::size_t j = 0; j < kColumns; ++j) {
        vectors.push_back(
            static_cast<float>(random.normal() + (j == 0 ? 0.2 * tokens.values[i] : 0)));
      }
      input.vector_rows.push_back(i);
      input.words.push_back(tokens.values[i]);
    }
    for (std::size_t i = 0; i < kSentences; i += 2) input.control_rows.push_back(i);
    ControlSample same{"same", {}, {}};
    ControlSample noise{"noise", {}, {}};
    for (const StatisticSeries* real : {&a, &b, &c}) {
      std::vector<double> as_it_is;
      std::vector<double> by_chance;
      for (const std::size_t row : input.control_rows) {
        as_it_is.push_back(real->values[row]);
        by_chance.push_back(random.normal());
      }
      same.statistics.push_back(as_it_is);
      noise.statistics.push_back(by_chance);
    }
    for (const std::size_t row : input.control_rows) {
      for (std::size_t j = 0; j < kColumns; ++j) noise_vectors.push_back(0.1F * float(row % 7));
    }
    for (float& value : noise_vectors) value += static_cast<float>(random.normal());
    noise.vectors = {{{.layer = 2}, {noise_vectors, kColumns}}};
    input.statistics = {a, b, c};
    input.properties = {tokens, rank};
    input.covariates = {rank};
    input.vectors = {{{.layer = 2}, {vectors, kColumns}}};
    input.controls = {same, noise};
    options.relation.resamples = 100;
    options.norm_direction = {.reruns = 2, .most_sentences = 100};
  }

  std::vector<float> vectors;
  std::vector<float> noise_vectors;
  StudyInput input;
  StudyOptions options;
};

TEST(Study, RelatesEachPropertyToEachStatistic) {
  const Sample sample;
  const Study found = study(sample.input, sample.options);
  ASSERT_EQ(found.relations.size(), 6U);
  EXPECT_EQ(found.relations[4].property, "mean_word_rank");
  EXPECT_EQ(name(found.relations[4].statistic), "layer1.cls.l2");
  const Relation alone = relate(sample.input.properties[1].values,
                                sample.input.statistics[1].values, sample.options.relation);
  EXPECT_EQ(found.relations[4].relation.line->r_squared.value, alone.line->r_squared.value);
  EXPECT_EQ(found.relations[4].relation.bootstrap_r_squared->interval->low,
            alone.bootstrap_r_squared->interval->low);
}

TEST(Study, AdjustsThePValuesOverTheWholeGrid) {
  const Sample sample;
  const Study found = study(sample.input, sample.options);
  std::vector<double> raw;
  for (const GridRelation& relation : found.relations) {
    raw.push_back(relation.relation.spearman->p_value);
  }
  const std::vector<double> adjusted = holm(raw);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    EXPECT_EQ(*found.relations[i].p_value_holm, adjusted[i]);
  }
  EXPECT_LT(*found.relations[0].p_value_holm, 0.001);
  EXPECT_GT(*found.relations[2].p_value_holm, 0.001);
}

TEST(Study, HoldsTheCovariatesFixedButNotThePropertyItself) {
  const Sample sample;
  const Study found = study(sample.input, sample.options);
  EXPECT_THAT(found.relations[0].partial->given, testing::ElementsAre("mean_word_rank"));
  const auto alone =
      relate_given(sample.input.properties[0].values, sample.input.statistics[0].values,
                   sample.input.covariates[0].values, 1);
  EXPECT_EQ(found.relations[0].partial->relation.correlation.value, alone->correlation.value);
  EXPECT_FALSE(found.relations[3].partial);
}

TEST(Study, HoldsTheLengthFixedForAColumnOfTheCorpus) {
  Sample sample;
  // A rating that is the length and noise, and so has no part of its own in the statistic.
  Random random(9);
  Series rating{"column:rating", {}};
  for (const double tokens : sample.input.properties[0].values) {
    rating.values.push_back(tokens + 3 * random.normal());
  }
  sample.input.properties.push_back(rating);
  const Study found = study(sample.input, sample.options);
  const GridRelation& of_rating = found.relations[6];
  ASSERT_EQ(of_rating.property, "column:rating");
  EXPECT_THAT(of_rating.partial->given, testing::ElementsAre("tokens", "mean_word_rank"));
  EXPECT_GT(of_rating.relation.line->r_squared.interval->low, 0.1);
  EXPECT_LT(of_rating.partial->relation.r_squared.interval->low, 1e-3);
  std::vector<double> covariates;
  for (std::size_t i = 0; i < kSentences; ++i) {
    covariates.push_back(sample.input.properties[0].values[i]);
    covariates.push_back(sample.input.properties[1].values[i]);
  }
  const auto alone = relate_given(rating.values, sample.input.statistics[0].values, covariates, 2);
  EXPECT_EQ(of_rating.partial->relation.correlation.value, alone->correlation.value);
  // Those of built-in properties are what they were.
  EXPECT_THAT(found.relations[0].partial->given, testing::ElementsAre("mean_word_rank"));
  EXPECT_FALSE(found.relations[3].partial);
}

TEST(Study, TellsHowFarEachStatisticSpreads) {
  Sample sample;
  sample.input.statistics[1].values.assign(kSentences, 5.0);
  for (std::size_t i = 0; i < kSentences; i += 2) sample.input.statistics[1].values[i] = 5.000001;
  sample.input.statistics[2].magnitude = 1e9;
  const Study found = study(sample.input, sample.options);
  ASSERT_EQ(found.statistics.size(), 3U);
  EXPECT_NEAR(found.statistics[0].spread->mean, 11.6, 0.3);
  EXPECT_NEAR(*found.statistics[0].spread->coefficient_of_variation, 0.1, 0.05);
  EXPECT_FALSE(found.statistics[0].spread->rounding);
  EXPECT_TRUE(found.statistics[1].spread->rounding);
  EXPECT_TRUE(found.statistics[2].spread->rounding);
  sample.options.precision = 0.5;
  EXPECT_TRUE(study(sample.input, sample.options).statistics[0].spread->rounding);
}

TEST(Study, AControlThatChangesNothingDiffersByNothing) {
  const Sample sample;
  const Study found = study(sample.input, sample.options);
  const GridRelation& first = found.relations[0];
  EXPECT_EQ(first.controls->sentences, kSentences / 2);
  ASSERT_EQ(first.controls->measured.size(), 2U);
  EXPECT_EQ(first.controls->measured.at("same").r_squared, first.controls->real);
  EXPECT_EQ(first.controls->measured.at("same").difference.value, 0);
  EXPECT_EQ(first.controls->measured.at("same").difference.interval->low, 0);
  EXPECT_EQ(first.controls->measured.at("same").difference.interval->high, 0);
}

TEST(Study, AControlOfNoiseLeavesTheWholeRelation) {
  const Sample sample;
  const Study found = study(sample.input, sample.options);
  const GridRelation& first = found.relations[0];
  EXPECT_GT(first.controls->real, 0.15);
  EXPECT_LT(first.controls->measured.at("noise").r_squared, 0.05);
  EXPECT_LT(first.controls->permuted, 0.05);
  EXPECT_GT(first.controls->measured.at("noise").difference.interval->low, 0);
  // Where there is no relation, the difference may be nothing.
  const Interval& none = *found.relations[2].controls->measured.at("noise").difference.interval;
  EXPECT_LT(none.low, 0.01);
}

TEST(Study, ProbesThePointsAndTheirControls) {
  const Sample sample;
  const Study found = study(sample.input, sample.options);
  ASSERT_EQ(found.probes.size(), 1U);
  const PointProbes& probes = found.probes[0];
  EXPECT_EQ(probes.sentences, kSentences);
  EXPECT_GT(probes.ridge->r_squared.value, 0.5);
  ASSERT_EQ(probes.controls.size(), 1U);
  EXPECT_EQ(probes.controls.at("noise").ridge->sentences, kSentences / 2);
  EXPECT_LT(probes.controls.at("noise").ridge->r_squared.value, 0.1);
  EXPECT_TRUE(probes.norm_direction);
  ASSERT_TRUE(found.dimensions);
  double shares = 0;
  for (const DimensionShare& share : found.dimensions->shares) shares += share.share;
  EXPECT_NEAR(shares, 1, 1e-9);
}

TEST(Study, LeavesOutSentencesWithoutTheProperty) {
  Sample sample;
  Sample smaller;
  Series rating{"column:rating", sample.input.properties[1].values};
  Series known{"column:rating", {}};
  for (std::size_t i = 0; i < kSentences; ++i) {
    if (i % 4 != 0) known.values.push_back(rating.values[i]);
    if (i % 4 == 0) rating.values[i] = std::nan("");
  }
  const auto without_every_fourth = [](std::vector<double>& values) {
    std::size_t row = 0;
    std::erase_if(values, [&](double) { return row++ % 4 == 0; });
  };
  for (StatisticSeries& series : smaller.input.statistics) without_every_fourth(series.values);
  for (Series& series : smaller.input.covariates) without_every_fourth(series.values);
  // Of the even rows, every other one is left out.
  for (ControlSample& control : smaller.input.controls) {
    control.vectors = {};
    for (std::vector<double>& values : control.statistics) {
      std::size_t row = 0;
      std::erase_if(values, [&](double) { return row++ % 2 == 0; });
    }
  }
  smaller.input.control_rows.clear();
  for (std::size_t i = 0; i < kSentences; i += 2) {
    if (i % 4 != 0) smaller.input.control_rows.push_back(i - i / 4 - 1);
  }
  smaller.input.vectors = {};
  smaller.input.vector_rows = {};
  sample.input.properties.push_back(rating);
  smaller.input.properties = {known};
  const Study found = study(sample.input, sample.options);
  const Study expected = study(smaller.input, smaller.options);
  ASSERT_EQ(found.relations.size(), 9U);
  for (std::size_t i = 0; i < 3; ++i) {
    const GridRelation& here = found.relations[6 + i];
    const GridRelation& there = expected.relations[i];
    EXPECT_EQ(here.property, "column:rating");
    EXPECT_EQ(here.relation.sentences, kSentences / 4 * 3);
    EXPECT_EQ(here.relation.spearman->estimate.value, there.relation.spearman->estimate.value);
    EXPECT_EQ(here.controls->sentences, kSentences / 4);
    EXPECT_EQ(here.controls->real, there.controls->real);
    EXPECT_EQ(here.controls->permuted, there.controls->permuted);
    EXPECT_EQ(here.controls->measured.at("noise").r_squared,
              there.controls->measured.at("noise").r_squared);
    EXPECT_EQ(here.controls->measured.at("noise").difference.interval->high,
              there.controls->measured.at("noise").difference.interval->high);
  }
  sample.input.properties[2].values.assign(kSentences, std::nan(""));
  const Study none = study(sample.input, sample.options);
  EXPECT_EQ(none.relations[6].relation.sentences, 0U);
  EXPECT_FALSE(none.relations[6].controls);
  EXPECT_FALSE(none.relations[6].p_value_holm);
}

TEST(Study, IsTheSameWhateverTheThreads) {
  Sample sample;
  const Study one = study(sample.input, sample.options);
  sample.options.threads = 4;
  const Study four = study(sample.input, sample.options);
  for (std::size_t i = 0; i < one.relations.size(); ++i) {
    EXPECT_EQ(one.relations[i].statistic, four.relations[i].statistic);
    EXPECT_EQ(one.relations[i].relation.spearman->estimate.value,
              four.relations[i].relation.spearman->estimate.value);
    EXPECT_EQ(one.relations[i].controls->permuted, four.relations[i].controls->permuted);
    EXPECT_EQ(one.relations[i].controls->measured.at("noise").difference.interval->high,
              four.relations[i].controls->measured.at("noise").difference.interval->high);
  }
}

TEST(Study, RefusesPartsThatDoNotFit) {
  Sample short_series;
  short_series.input.statistics[1].values.pop_back();
  EXPECT_THROW(study(short_series.input), std::invalid_argument);
  Sample row_outside;
  row_outside.input.control_rows.back() = kSentences;
  EXPECT_THROW(study(row_outside.input), std::invalid_argument);
  Sample fewer_words;
  fewer_words.input.words.pop_back();
  EXPECT_THROW(study(fewer_words.input), std::invalid_argument);
  EXPECT_THROW(study({}), std::invalid_argument);
  Sample without_length;
  without_length.input.properties[0].values[3] = std::nan("");
  EXPECT_THROW(study(without_length.input), std::invalid_argument);
}

}  // namespace
}  // namespace normscope
