#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "normscope/report.h"
#include "report/question.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(Summary, SaysWhatBecameOfTheSentences) {
  SampleReport sample(100);
  sample.results.manifest.counts = {.read = 12345,
                                    .empty = 1,
                                    .invalid = 2000,
                                    .not_sampled = 0,
                                    .truncated = 7,
                                    .measured = 10344,
                                    .outside_length = 44,
                                    .kept = 10300,
                                    .kept_truncated = 5,
                                    .encoded = 10000};
  const std::string text = summary(sample.results);
  EXPECT_THAT(text, HasSubstr("a-model on a-corpus"));
  EXPECT_THAT(text, HasSubstr("12,345 read, 10,344 measured, 10,300 kept (5 of them truncated)"));
  EXPECT_THAT(text, HasSubstr("1 empty, 2,000 not UTF-8, 44 too long to be analysed"));
  EXPECT_THAT(text, Not(HasSubstr("not sampled")));
}

TEST(Summary, SaysWhichSentencesWereTaken) {
  SampleReport sample(100);
  for (const char* absent : {"\n  column ", "\n  sample ", "too few words", "read before"}) {
    EXPECT_THAT(summary(sample.results), Not(HasSubstr(absent)));
  }
  sample.results.manifest.corpus.columns = {"text", "a\033.b"};
  sample.results.manifest.counts.too_few_words = 1234;
  sample.results.manifest.counts.duplicates = 5;
  sample.results.manifest.sample = SampleMethod::stratified;
  EXPECT_THAT(summary(sample.results), HasSubstr("\n  column     text, a"));
  EXPECT_THAT(summary(sample.results), Not(HasSubstr("\033")));
  EXPECT_THAT(summary(sample.results), HasSubstr("1,234 with too few words, 5 read before"));
  EXPECT_THAT(summary(sample.results), HasSubstr("of it, not of the corpus"));
  sample.results.manifest.sample = SampleMethod::head;
  EXPECT_THAT(summary(sample.results), HasSubstr("the first sentences"));
}

TEST(Summary, SaysWhatWasFound) {
  const SampleReport sample(5000);
  const std::string text = summary(sample.results);
  for (const char* part :
       {"\n  slope ", "\n  intercept ", "\n  R² ", "95 % interval", "\n  band ", "\n  above ",
        "\n  below ", "\n  outside ", "\n  base rate ", "holds, above the base rate",
        "The norm of the [CLS] embedding is not a reliable proxy"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_TRUE(text.ends_with(".\n"));
}

TEST(Summary, NumbersCanBeToldApart) {
  SampleReport sample(1000);
  for (double& norm : sample.norms) norm = 4898.8 + 0.02 * (norm - 14);
  sample.study_again();
  const Study& study = sample.results.study;
  const std::string text = summary(sample.results);
  EXPECT_THAT(text, HasSubstr(fmt::format(
                        "\n  mean       {:.3f}    standard deviation {:.3f}, "
                        "coefficient of variation {:.2g} %\n",
                        study.statistic->mean, *study.statistic->standard_deviation,
                        100 * *study.statistic->standard_deviation / study.statistic->mean)));
  EXPECT_THAT(text, HasSubstr(fmt::format("\n  band       {:.3f} to {:.3f} holds", study.band->low,
                                          study.band->high)));
}

TEST(Summary, TellsTheStrongestRelationAndTheBestProbe) {
  const SampleReport sample(100);
  Results results = sample.results;
  StudyInput input;
  input.statistics = {{.column = column_named("layer6.cls.l2"), .values = sample.norms},
                      {.column = column_named("layer3.mean.l1"), .values = sample.lengths}};
  input.properties = {{.name = "tokens", .values = sample.lengths}};
  StudyOptions options;
  options.words = question_words(results.manifest);
  options.relation.resamples = 100;
  results.study = study(input, options);
  EXPECT_THAT(
      summary(results),
      EndsWith("\nOf 2 relations the strongest is that of the L1 norm of the mean embedding, "
               "layer\n3 to the length in tokens: Spearman's ρ = 1.000 [1.000, 1.000] in "
               "100\nsentences.\n"));
  for (const std::uint32_t layer : {0U, 3U, 6U}) {
    RidgeProbe ridge;
    ridge.r_squared.value = layer == 3 ? 0.91234 : 0.5;
    ridge.r_squared.interval =
        Interval{.low = ridge.r_squared.value - 0.02, .high = ridge.r_squared.value + 0.02};
    results.study.probes.push_back({.point = {.layer = layer, .readout = Readout::mean},
                                    .sentences = 100,
                                    .ridge = ridge,
                                    .sentence_length = {},
                                    .norm_direction = {},
                                    .controls = {}});
  }
  EXPECT_THAT(summary(results),
              HasSubstr("A linear probe tells length in tokens best from the whole mean vector of "
                        "layer\n3: held-out R² = 0.912 [0.892, 0.932].\n"));
  // Of one relation the rest has told all.
  input.statistics.pop_back();
  results.study = study(input, options);
  EXPECT_EQ(summary(results), summary(sample.results));
}

TEST(Summary, SaysThatAClaimSaysNothing) {
  SampleReport sample(400);
  StudyOptions options;
  options.relation.short_below = 100;
  sample.study_again(options);
  EXPECT_THAT(summary(sample.results), HasSubstr("says nothing, all sentences are short\n"));
  EXPECT_THAT(summary(sample.results), Not(HasSubstr("holds,")));
  options.relation.short_below = 1;
  sample.study_again(options);
  EXPECT_THAT(summary(sample.results), HasSubstr("says nothing, no sentence is short\n"));
}

TEST(Summary, SaysHowARunStopped) {
  SampleReport sample(100);
  EXPECT_THAT(summary(sample.results), Not(HasSubstr("stopped")));
  sample.results.manifest.early_stop = {
      .width = 0.005, .reached = true, .look = 13, .looks = 20, .confidence = 0.99};
  EXPECT_THAT(summary(sample.results),
              HasSubstr("early, at look 13 of 20: R²'s interval is narrower than 0.005"));
  sample.results.manifest.early_stop->reached = false;
  EXPECT_THAT(summary(sample.results),
              HasSubstr("not early: after the last of 20 looks R²'s interval is wider than 0.005"));
}

TEST(Summary, SaysWhatReducedPrecisionCosts) {
  SampleReport sample(100);
  EXPECT_THAT(summary(sample.results), Not(HasSubstr("precision")));
  sample.results.manifest.precision = Precision::bf16;
  sample.results.manifest.precision_error = {
      .sentences = 256, .largest = 0.00123, .mean = 0.00028, .bias = -0.0001};
  EXPECT_THAT(summary(sample.results),
              HasSubstr("bf16; norms against fp32 on 256: 2.8e-04 apart, 1.2e-03 at most"));
}

TEST(Summary, FitsATerminal) {
  for (const std::size_t sentences : {0U, 1U, 2U, 10U, 5000U}) {
    SampleReport sample(sentences);
    sample.results.manifest.early_stop = {.width = 0.00125, .look = 50, .looks = 50};
    sample.results.manifest.precision_error = {.sentences = 256, .largest = 0.1, .mean = 0.01};
    std::istringstream lines(summary(sample.results));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 90U) << line;
  }
}

TEST(Summary, SaysWhyThereIsNoRegression) {
  EXPECT_THAT(summary(SampleReport(0).results), HasSubstr("No sentence was kept"));
  EXPECT_THAT(summary(SampleReport(1).results),
              HasSubstr("One sentence does not make a regression"));
}

TEST(Summary, NamesCannotMoveTheCursor) {
  SampleReport sample(3);
  sample.results.manifest.corpus.name = "a\x1b[2J\r\nb";
  EXPECT_THAT(summary(sample.results), HasSubstr("a-model on a\uFFFD[2J\uFFFD\uFFFDb\n"));
}

}  // namespace
}  // namespace normscope
