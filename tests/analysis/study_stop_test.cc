#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/random.h"
#include "normscope/error.h"
#include "normscope/study.h"

namespace normscope {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kLimit = 20;
#else
constexpr double kLimit = 2;
#endif

/// A statistic, a property, and vectors of some of the sentences.
struct Sample {
  Sample(std::size_t sentences, std::size_t probed, std::size_t columns) {
    Random random(7);
    Series tokens{"tokens", {}};
    StatisticSeries norm{.column = {.point = {.layer = 2}}, .values = {}};
    for (std::size_t i = 0; i < sentences; ++i) {
      tokens.values.push_back(static_cast<double>(5 + random.below(24)));
      norm.values.push_back(10 + 0.1 * tokens.values[i] + random.normal());
    }
    for (std::size_t i = 0; i < probed; ++i) {
      input.vector_rows.push_back(i);
      input.words.push_back(tokens.values[i]);
      for (std::size_t j = 0; j < columns; ++j) {
        vectors.push_back(static_cast<float>(random.normal() + 0.01 * tokens.values[i]));
      }
    }
    for (std::size_t i = 0; i < sentences; i += 5) input.control_rows.push_back(i);
    ControlSample noise{"noise", {{}}, {}};
    for (std::size_t i = 0; i < input.control_rows.size(); ++i) {
      noise.statistics[0].push_back(random.normal());
    }
    input.statistics = {norm};
    input.properties = {tokens, {"column:row", norm.values}};
    if (probed > 0) input.vectors = {{{.layer = 2}, {vectors, columns}}};
    input.controls = {noise};
  }

  std::vector<float> vectors;
  StudyInput input;
};

/// Seconds from a request to stop after `delay` to the end of the study.
double seconds_to_stop(const StudyInput& input, const StudyOptions& options,
                       std::chrono::milliseconds delay) {
  std::stop_source source;
  Clock::time_point asked;
  std::jthread other([&] {
    std::this_thread::sleep_for(delay);
    asked = Clock::now();
    source.request_stop();
  });
  EXPECT_THROW(study(input, options, {}, source.get_token()), Interrupted);
  other.join();
  return std::chrono::duration<double>(Clock::now() - asked).count();
}

TEST(StudyStop, EndsARelationOfManySentences) {
  const Sample sample(1'000'000, 0, 0);
  StudyOptions options;
  options.threads = 2;
  options.relation.resamples = 1'000'000;
  for (const auto delay : {1ms, 300ms, 1500ms}) {
    EXPECT_LT(seconds_to_stop(sample.input, options, delay), kLimit) << delay.count();
  }
  // Past the bootstrap, the ranks.
  options.relation.resamples = 100;
  options.permutations = 1'000'000;
  EXPECT_LT(seconds_to_stop(sample.input, options, 6000ms), kLimit);
}

TEST(StudyStop, EndsTheProbes) {
  const Sample sample(8000, 8000, 96);
  StudyOptions options;
  options.threads = 3;
  options.ridge.permutations = 1000;
  options.norm_direction.reruns = 10'000;
  options.sentence_length.epochs = 1'000'000;
  options.sentence_length.patience = 1'000'000;
  options.relation.resamples = 1'000'000;
  for (const auto delay : {1ms, 200ms, 2000ms}) {
    EXPECT_LT(seconds_to_stop(sample.input, options, delay), kLimit) << delay.count();
  }
}

TEST(StudyStop, ComesFromAnotherThread) {
  const Sample sample(300, 200, 4);
  StudyOptions options;
  options.threads = 3;
  options.relation.resamples = 1'000'000;
  EXPECT_LT(seconds_to_stop(sample.input, options, 50ms), kLimit);
}

TEST(StudyStop, BeforeItBegins) {
  const Sample sample(300, 0, 0);
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(study(sample.input, {}, {}, source.get_token()), Interrupted);
}

TEST(StudyProgress, TellsOfAllTheWorkAndChangesNothing) {
  const Sample sample(2000, 600, 4);
  StudyOptions options;
  options.threads = 4;
  options.relation.resamples = 200;
  options.norm_direction = {.reruns = 2, .most_sentences = 100};
  const Study silent = study(sample.input, options);
  std::atomic<int> inside = 0;
  std::uint64_t last = 0;
  std::uint64_t all = 0;
  const Study told = study(sample.input, options, [&](std::uint64_t done, std::uint64_t total) {
    EXPECT_EQ(++inside, 1);
    EXPECT_GT(done, last);
    EXPECT_LE(done, total);
    last = done;
    all = total;
    --inside;
  });
  EXPECT_GT(all, 0U);
  EXPECT_EQ(last, all);
  ASSERT_EQ(told.relations.size(), silent.relations.size());
  for (std::size_t i = 0; i < told.relations.size(); ++i) {
    const GridRelation& a = told.relations[i];
    const GridRelation& b = silent.relations[i];
    EXPECT_EQ(a.relation.bootstrap_r_squared->interval->low,
              b.relation.bootstrap_r_squared->interval->low);
    EXPECT_EQ(a.relation.held_out->r_squared.value, b.relation.held_out->r_squared.value);
    EXPECT_EQ(a.controls->permuted, b.controls->permuted);
    EXPECT_EQ(*a.p_value_holm, *b.p_value_holm);
    EXPECT_EQ(a.controls->measured.at("noise").difference.interval->high,
              b.controls->measured.at("noise").difference.interval->high);
  }
  ASSERT_EQ(told.probes.size(), 1U);
  const PointProbes& a = told.probes[0];
  const PointProbes& b = silent.probes[0];
  EXPECT_EQ(a.sentences, 600U);
  EXPECT_EQ(a.ridge->r_squared.value, b.ridge->r_squared.value);
  EXPECT_EQ(a.norm_direction->intact.value, b.norm_direction->intact.value);
  ASSERT_TRUE(a.sentence_length);
  EXPECT_EQ(a.sentence_length->mlp.accuracy.hits, b.sentence_length->mlp.accuracy.hits);
  EXPECT_EQ(told.dimensions->shares[0].share, silent.dimensions->shares[0].share);
}

}  // namespace
}  // namespace normscope
