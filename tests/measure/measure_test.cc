#include "normscope/measure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include "encoder/random_model.h"
#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

constexpr EncoderSpec kConfig = {.hidden_size = 32,
                                 .layers = 2,
                                 .heads = 2,
                                 .intermediate_size = 48,
                                 .vocabulary_size = 31,
                                 .max_positions = 40,
                                 .token_types = 2,
                                 .layer_norm_epsilon = 1e-12F,
                                 .activation = Activation::gelu};

// A tokenizer that knows the letters a to z, one token each.
Tokenizer letter_tokenizer(const std::filesystem::path& folder) {
  std::ofstream vocabulary(folder / "vocab.txt");
  vocabulary << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  for (char letter = 'a'; letter <= 'z'; ++letter) vocabulary << letter << "\n";
  vocabulary.close();
  std::ofstream(folder / "tokenizer_config.json") << R"({"do_lower_case": true})";
  return Tokenizer::from_folder(folder);
}

std::vector<Sentence> random_sentences(std::size_t count) {
  std::mt19937 generator(1);
  std::vector<Sentence> sentences(count);
  for (std::size_t i = 0; i < count; ++i) {
    sentences[i].index = 3 * i;
    for (std::size_t word = generator() % 50; word > 0; --word) {
      sentences[i].text += {static_cast<char>('a' + generator() % 26), ' '};
    }
  }
  return sentences;
}

class MeasureTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  const Tokenizer tokenizer_ = letter_tokenizer(folder_.path());
  const Model model_ = random_model(kConfig, 1);
  const Encoder encoder_{model_, {{.layer = kConfig.layers, .readout = Readout::cls}}};

  double norm_of(const std::vector<TokenId>& ids) const {
    const std::vector<std::size_t> offsets{0, ids.size()};
    std::vector<float> vector(kConfig.hidden_size);
    Encoder::Workspace workspace(encoder_);
    encoder_.encode({.ids = ids, .offsets = offsets}, vector, workspace);
    double sum = 0;
    for (const float x : vector) sum += static_cast<double>(x) * x;
    return std::sqrt(sum);
  }
};

TEST_F(MeasureTest, RowsAreWhatTheEncoderGivesForEachSentenceAlone) {
  const auto sentences = random_sentences(300);
  for (const unsigned threads : {1U, 2U, 5U}) {
    const auto result =
        measure(sentences, tokenizer_, encoder_, {.max_length = 40, .threads = threads});
    ASSERT_EQ(result.rows.size(), sentences.size());
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      const Encoding encoding = tokenizer_.encode(sentences[i].text, 40);
      const Measurement& row = result.rows[i];
      ASSERT_EQ(row.index, sentences[i].index);
      ASSERT_EQ(row.text, sentences[i].text);
      ASSERT_EQ(row.tokens, encoding.tokens);
      ASSERT_EQ(row.tokens_read, encoding.ids.size() - 2);
      ASSERT_EQ(row.truncated, row.tokens_read < row.tokens);
      ASSERT_EQ(row.truncated, encoding.truncated);
      ASSERT_EQ(row.truncated, sentences[i].text.size() / 2 > 38);
      ASSERT_EQ(row.statistics.front(), norm_of(encoding.ids))
          << threads << " threads, sentence " << i;
    }
  }
}

TEST_F(MeasureTest, APromptIsReadAndNotCounted) {
  const auto sentences = random_sentences(100);
  const std::string prompt = "a b: ";
  const Measurements result =
      measure(sentences, tokenizer_, encoder_, {.max_length = 20, .threads = 2, .prompt = prompt});
  // The colon is an unknown token.
  constexpr std::size_t kOthers = 3 + 2;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const Measurement& row = result.rows[i];
    const Encoding both = tokenizer_.encode(prompt + sentences[i].text, 20);
    ASSERT_EQ(row.text, sentences[i].text);
    ASSERT_EQ(row.tokens, tokenizer_.encode(sentences[i].text, 20).tokens);
    ASSERT_EQ(row.truncated, row.tokens + kOthers > 20);
    ASSERT_EQ(row.tokens_read, std::min<std::size_t>(row.tokens, 20 - kOthers));
    ASSERT_EQ(row.statistics.front(), norm_of(both.ids));
  }
}

TEST_F(MeasureTest, AnOwnReadoutMayLeaveOutThePrompt) {
  Model model = model_;
  model.own_readout = OwnReadout{.poolings = {Pooling::lasttoken, Pooling::cls},
                                 .includes_prompt = false,
                                 .width = 2 * kConfig.hidden_size};
  const std::vector<ReadoutPoint> points{{.layer = 2, .readout = Readout::cls},
                                         {.layer = 2, .readout = Readout::model}};
  const Encoder encoder(model, points);
  MeasureOptions options{.max_length = 40, .threads = 2};
  options.vectors = {{.points = points}};
  options.prompt = "a b ";
  const std::vector<Sentence> sentences{{.index = 0, .text = "c d"}};
  const KeptVectors vectors = measure(sentences, tokenizer_, encoder, options).vectors.at(0);
  ASSERT_EQ(vectors.points.at(0).size(), kConfig.hidden_size);
  ASSERT_EQ(vectors.points.at(1).size(), 2 * kConfig.hidden_size);
  // [CLS] a b c d [SEP]: the first that is left is c.
  const Encoding encoding = tokenizer_.encode("a b c d", 40);
  const std::vector<std::size_t> offsets{0, encoding.ids.size()};
  const Encoder tokens(model_, {{.layer = 2, .readout = Readout::tokens}});
  std::vector<float> states(encoding.ids.size() * kConfig.hidden_size);
  Encoder::Workspace workspace(tokens);
  tokens.encode({.ids = encoding.ids, .offsets = offsets}, states, workspace);
  const std::span<const float> all = states;
  const std::span<const float> own = vectors.points[1];
  EXPECT_TRUE(std::ranges::equal(own.last(kConfig.hidden_size),
                                 all.subspan(3 * kConfig.hidden_size, kConfig.hidden_size)));
  EXPECT_TRUE(std::ranges::equal(own.first(kConfig.hidden_size), all.last(kConfig.hidden_size)));
}

TEST_F(MeasureTest, TakesEveryColumnOfEveryPoint) {
  const std::vector<ReadoutPoint> points{{.layer = 2, .readout = Readout::mean},
                                         {.layer = 0, .readout = Readout::cls}};
  const Encoder encoder(model_, points);
  const auto sentences = random_sentences(200);
  MeasureOptions options{.max_length = 40, .threads = 2};
  for (const ReadoutPoint& point : points) {
    for (const Statistic statistic :
         {Statistic::l2, Statistic::l1, Statistic::linf, Statistic::centered_l2}) {
      options.columns.push_back({.point = point, .statistic = statistic});
    }
  }
  options.centres.assign(2, std::vector<float>(kConfig.hidden_size, 0.25F));
  options.vectors = {
      {.points = points, .wants = [](std::uint64_t index) { return index % 2 == 0; }},
      {.points = {points[1]}}};
  const Measurements result = measure(sentences, tokenizer_, encoder, options);
  ASSERT_EQ(result.vectors.size(), 2U);
  const KeptVectors& half = result.vectors.front();
  const KeptVectors& all = result.vectors.back();
  ASSERT_EQ(all.indices.size(), result.rows.size());
  ASSERT_EQ(all.points.size(), 1U);
  ASSERT_EQ(all.points.front().size(), result.rows.size() * kConfig.hidden_size);

  std::size_t kept = 0;
  for (const Measurement& row : result.rows) {
    ASSERT_EQ(row.statistics.size(), 8U);
    if (row.index % 2 != 0) continue;
    ASSERT_EQ(half.indices.at(kept), row.index);
    const auto at = static_cast<std::size_t>(&row - result.rows.data());
    ASSERT_EQ(all.indices[at], row.index);
    ASSERT_TRUE(std::ranges::equal(
        std::span(all.points[0]).subspan(at * kConfig.hidden_size, kConfig.hidden_size),
        std::span(half.points[1]).subspan(kept * kConfig.hidden_size, kConfig.hidden_size)));
    for (std::size_t point = 0; point < 2; ++point) {
      const float* vector = half.points.at(point).data() + kept * kConfig.hidden_size;
      double squares = 0;
      double sum = 0;
      double largest = 0;
      double centred = 0;
      for (std::size_t i = 0; i < kConfig.hidden_size; ++i) {
        const double x = vector[i];
        squares += x * x;
        sum += std::abs(x);
        largest = std::max(largest, std::abs(x));
        centred += (x - 0.25) * (x - 0.25);
      }
      const double* numbers = row.statistics.data() + 4 * point;
      EXPECT_NEAR(numbers[0], std::sqrt(squares), 1e-9);
      EXPECT_NEAR(numbers[1], sum, 1e-9);
      EXPECT_EQ(numbers[2], largest);
      EXPECT_NEAR(numbers[3], std::sqrt(centred), 1e-9);
    }
    ++kept;
  }
  EXPECT_EQ(half.indices.size(), kept);
  EXPECT_EQ(half.points[1].size(), kept * kConfig.hidden_size);
}

TEST_F(MeasureTest, RefusesColumnsThatTheEncoderDoesNotGive) {
  MeasureOptions options{.max_length = 40, .threads = 1};
  options.columns = {{.point = {.layer = 1, .readout = Readout::cls}}};
  EXPECT_THROW(measure({}, tokenizer_, encoder_, options), std::invalid_argument);
  options.columns = {{.point = {.layer = 2}, .statistic = Statistic::centered_l2}};
  EXPECT_THROW(measure({}, tokenizer_, encoder_, options), std::invalid_argument);
  const Encoder tokens(model_, {{.layer = 2, .readout = Readout::tokens}});
  EXPECT_THROW(measure({}, tokenizer_, tokens, {.max_length = 40, .threads = 1}),
               std::invalid_argument);
}

TEST(StatisticColumn, HasANameThatItIsKnownBy) {
  const StatisticColumn column{.point = {.layer = 12, .readout = Readout::max},
                               .statistic = Statistic::centered_l2};
  EXPECT_EQ(name(column), "layer12.max.centered_l2");
  EXPECT_EQ(column_named("layer12.max.centered_l2"), column);
  for (const char* wrong : {"", "layer", "layer1", "layer1.cls", "layer1.cls.l3", "layer.cls.l2",
                            "layer01.cls.l2", "layer-1.cls.l2", "layer1.tokens.l2", "norm",
                            "layer99999999999999999999.cls.l2", "layer1.cls.l2.l2"}) {
    EXPECT_THROW((void)column_named(wrong), std::invalid_argument) << wrong;
  }
}

TEST_F(MeasureTest, EncodesEqualIdsOnce) {
  const std::vector<Sentence> sentences = {{.index = 0, .text = "a b"},
                                           {.index = 1, .text = "A  B "},
                                           {.index = 2, .text = "b a"},
                                           {.index = 3, .text = "a b"},
                                           {.index = 4, .text = ""}};
  const auto result = measure(sentences, tokenizer_, encoder_, {.max_length = 40, .threads = 2});
  EXPECT_EQ(result.encoded, 3U);
  EXPECT_EQ(result.rows[0].statistics.front(), result.rows[1].statistics.front());
  EXPECT_EQ(result.rows[0].statistics.front(), result.rows[3].statistics.front());
  EXPECT_NE(result.rows[0].statistics.front(), result.rows[2].statistics.front());
  EXPECT_EQ(result.rows[4].tokens, 0U);
}

TEST_F(MeasureTest, ReportsProgressToTheEnd) {
  std::vector<std::uint64_t> seen;
  // More than a shard's worth.
  const auto sentences = random_sentences(9000);
  measure(sentences, tokenizer_, encoder_, {.max_length = 40, .threads = 2},
          [&](std::uint64_t done, std::uint64_t total) {
            EXPECT_EQ(total, 9000U);
            EXPECT_TRUE(seen.empty() || done >= seen.back());
            seen.push_back(done);
          });
  ASSERT_GT(seen.size(), 10U);
  EXPECT_EQ(seen.back(), 9000U);
}

TEST_F(MeasureTest, StopsWhenAsked) {
  std::stop_source stop;
  EXPECT_THROW(measure(
                   random_sentences(3000), tokenizer_, encoder_, {.max_length = 40, .threads = 2},
                   [&](std::uint64_t, std::uint64_t) { stop.request_stop(); }, stop.get_token()),
               Interrupted);
}

TEST_F(MeasureTest, NothingToMeasureIsNoError) {
  const auto result = measure({}, tokenizer_, encoder_, {.max_length = 40, .threads = 2});
  EXPECT_TRUE(result.rows.empty());
  EXPECT_EQ(result.encoded, 0U);
}

TEST_F(MeasureTest, RefusesLengthsThatDoNotFit) {
  for (const std::size_t length : {0U, 1U, 41U}) {
    EXPECT_THROW(measure({}, tokenizer_, encoder_, {.max_length = length, .threads = 1}),
                 std::invalid_argument);
  }
  EXPECT_THROW(measure({}, tokenizer_, encoder_, {.max_length = 40, .threads = 0}),
               std::invalid_argument);
}

}  // namespace
}  // namespace normscope
