#include "normscope/encoder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "encoder/random_model.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr EncoderSpec kConfig = {.hidden_size = 96,
                                 .layers = 3,
                                 .heads = 3,
                                 .intermediate_size = 200,
                                 .vocabulary_size = 50,
                                 .max_positions = 80,
                                 .token_types = 2,
                                 .layer_norm_epsilon = 1e-12F,
                                 .activation = Activation::gelu,
                                 .pooler = true};

using Ids = std::vector<TokenId>;

std::vector<Ids> random_sentences(std::size_t count, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<Ids> sentences(count);
  for (Ids& ids : sentences) {
    ids.resize(1 + generator() % kConfig.max_positions);
    for (TokenId& id : ids) id = static_cast<TokenId>(generator() % kConfig.vocabulary_size);
  }
  return sentences;
}

// What the encoder gives for the sentences as one batch.
std::vector<float> encode(const Encoder& encoder, const std::vector<Ids>& sentences,
                          Encoder::Workspace& workspace) {
  Ids ids;
  std::vector<std::size_t> offsets{0};
  for (const Ids& sentence : sentences) {
    ids.insert(ids.end(), sentence.begin(), sentence.end());
    offsets.push_back(ids.size());
  }
  const PackedBatch batch{.ids = ids, .offsets = offsets};
  std::vector<float> out(encoder.output_size(batch));
  encoder.encode(batch, out, workspace);
  return out;
}

std::vector<EncoderOptions> available_options() {
  std::vector<EncoderOptions> options;
  for (const Isa isa : available_isas()) options.push_back({.cpu = {.isa = isa}});
  try {
    const EncoderOptions bf16{.cpu = {.isa = available_isas().back()},
                              .precision = Precision::bf16};
    const Encoder encoder(random_model(kConfig, 1), {}, bf16);
    options.push_back(bf16);
  } catch (const Error&) {
    // A CPU without AVX512_BF16.
  }
  return options;
}

class EncoderTest : public testing::TestWithParam<EncoderOptions> {
 protected:
  const Model model_ = random_model(kConfig, 1);
  const EncoderOptions options_ = GetParam();
  Encoder::Workspace workspace_{Encoder(model_, {}, options_)};
};

INSTANTIATE_TEST_SUITE_P(Isas, EncoderTest, testing::ValuesIn(available_options()),
                         [](const auto& test) {
                           return fmt::format("{}_{}", name(*test.param.cpu.isa),
                                              name(test.param.precision));
                         });

TEST_P(EncoderTest, BitsDoNotDependOnBatchOrderOrNeighbours) {
  const auto sentences = random_sentences(60, 2);
  for (const std::size_t layer : {std::size_t{0}, std::size_t{2}, kConfig.layers}) {
    const Encoder encoder(model_, {{.layer = layer, .readout = Readout::cls}}, options_);
    std::vector<std::vector<float>> alone;
    for (const Ids& sentence : sentences) alone.push_back(encode(encoder, {sentence}, workspace_));
    std::mt19937 generator(3);
    for (int round = 0; round < 20; ++round) {
      std::vector<std::size_t> order(1 + generator() % sentences.size());
      for (std::size_t& i : order) i = generator() % sentences.size();
      std::vector<Ids> batch;
      for (const std::size_t i : order) batch.push_back(sentences[i]);
      const auto together = encode(encoder, batch, workspace_);
      for (std::size_t i = 0; i < order.size(); ++i) {
        ASSERT_EQ(0, std::memcmp(together.data() + i * kConfig.hidden_size, alone[order[i]].data(),
                                 kConfig.hidden_size * sizeof(float)))
            << "layer " << layer << ", round " << round << ", sentence " << order[i];
      }
    }
  }
}

TEST_P(EncoderTest, MeanMaxAndPoolerAreThoseOfTheTokens) {
  const auto sentences = random_sentences(12, 9);
  const std::size_t hidden = kConfig.hidden_size;
  const auto at = [&](std::size_t layer, Readout readout) {
    return encode(Encoder(model_, {{.layer = layer, .readout = readout}}, options_), sentences,
                  workspace_);
  };
  for (const std::size_t layer : {std::size_t{0}, std::size_t{1}, kConfig.layers}) {
    const auto tokens = at(layer, Readout::tokens);
    const auto mean = at(layer, Readout::mean);
    const auto max = at(layer, Readout::max);
    const float* token = tokens.data();
    for (std::size_t s = 0; s < sentences.size(); ++s) {
      for (std::size_t i = 0; i < hidden; ++i) {
        double sum = 0;
        float largest = token[i];
        for (std::size_t t = 0; t < sentences[s].size(); ++t) {
          sum += token[t * hidden + i];
          largest = std::max(largest, token[t * hidden + i]);
        }
        EXPECT_NEAR(mean[s * hidden + i], sum / static_cast<double>(sentences[s].size()), 1e-5);
        EXPECT_EQ(max[s * hidden + i], largest);
      }
      token += sentences[s].size() * hidden;
    }
  }
  const auto first = at(kConfig.layers, Readout::cls);
  const auto pooled = at(kConfig.layers, Readout::pooler);
  std::vector<float> weight(hidden * hidden);
  std::vector<float> bias(hidden);
  model_.weights.at(Role::pooler).weight.read(0, weight);
  model_.weights.at(Role::pooler).bias.read(0, bias);
  const double tolerance = options_.precision == Precision::fp32 ? 1e-5 : 2e-2;
  for (std::size_t s = 0; s < sentences.size(); ++s) {
    for (std::size_t o = 0; o < hidden; ++o) {
      double sum = bias[o];
      for (std::size_t i = 0; i < hidden; ++i) {
        sum += static_cast<double>(weight[o * hidden + i]) * first[s * hidden + i];
      }
      EXPECT_NEAR(pooled[s * hidden + o], std::tanh(sum), tolerance);
    }
  }
}

TEST_P(EncoderTest, BitsOfEveryReadoutDoNotDependOnTheBatchOrTheOtherPoints) {
  const auto sentences = random_sentences(20, 10);
  std::vector<ReadoutPoint> points;
  for (const std::size_t layer : {std::size_t{0}, std::size_t{2}, kConfig.layers}) {
    for (const Readout readout : {Readout::cls, Readout::mean, Readout::max}) {
      points.push_back({.layer = layer, .readout = readout});
    }
  }
  points.push_back({.layer = kConfig.layers, .readout = Readout::pooler});
  const std::size_t hidden = kConfig.hidden_size;
  const auto together = encode(Encoder(model_, points, options_), sentences, workspace_);
  for (std::size_t p = 0; p < points.size(); ++p) {
    // The way to the first token alone, which the highest layer takes where nothing else is asked,
    // gives other bits than the way to all tokens.
    const Encoder alone(model_, {points[p], {.layer = points[p].layer, .readout = Readout::mean}},
                        options_);
    for (std::size_t s = 0; s < sentences.size(); ++s) {
      const auto one = encode(alone, {sentences[s]}, workspace_);
      ASSERT_EQ(0, std::memcmp(one.data(), together.data() + (p * sentences.size() + s) * hidden,
                               hidden * sizeof(float)))
          << name(points[p]) << ", sentence " << s;
    }
  }
}

TEST_P(EncoderTest, PoolerMustBeThere) {
  EXPECT_THROW(Encoder(model_, {{.layer = 1, .readout = Readout::pooler}}, options_),
               std::invalid_argument);
  Model without = model_;
  without.spec.pooler = false;
  EXPECT_THROW(Encoder(without, {{.layer = kConfig.layers, .readout = Readout::pooler}}, options_),
               Error);
}

std::vector<float> values_of(const TensorView& tensor) {
  std::vector<float> values(tensor.size());
  tensor.read(0, values);
  return values;
}

TEST_P(EncoderTest, FirstPositionIsARowOfTheTable) {
  EncoderSpec later = kConfig;
  later.first_position = 2;
  later.max_positions = kConfig.max_positions - 2;
  Model shifted = model_;
  shifted.spec = later;
  // The same numbers with the table's first rows taken away.
  const std::size_t hidden = kConfig.hidden_size;
  const std::vector<float> table = values_of(model_.weights.at(Role::position_embeddings).weight);
  Model cut = model_;
  cut.spec.max_positions = later.max_positions;
  for (Weight& weight : cut.weights.all()) {
    if (weight.role != Role::position_embeddings) continue;
    weight.weight.shape[0] = later.max_positions;
    weight.weight.data = reinterpret_cast<const std::byte*>(table.data() + 2 * hidden);
  }
  std::vector<Ids> sentences = random_sentences(10, 11);
  for (Ids& ids : sentences) ids.resize(std::min(ids.size(), later.max_positions));
  const std::vector<ReadoutPoint> points{{.layer = 1, .readout = Readout::tokens}};
  EXPECT_EQ(encode(Encoder(shifted, points, options_), sentences, workspace_),
            encode(Encoder(cut, points, options_), sentences, workspace_));
  EXPECT_THROW(encode(Encoder(shifted, points, options_), {Ids(79, 0)}, workspace_),
               std::invalid_argument);
}

TEST_P(EncoderTest, WithoutTokenTypesIsWithATypeOfZeros) {
  EncoderSpec none = kConfig;
  none.token_types = 0;
  const Model without = random_model(none, 12);
  Model zeros = without;
  zeros.spec.token_types = 1;
  const std::vector<float> zero(kConfig.hidden_size);
  zeros.weights.add({.role = Role::token_type_embeddings,
                     .layer = 0,
                     .weight = {.type = DataType::f32,
                                .shape = {1, kConfig.hidden_size},
                                .data = reinterpret_cast<const std::byte*>(zero.data())},
                     .bias = {}});
  const auto sentences = random_sentences(10, 13);
  const std::vector<ReadoutPoint> points{{.layer = 2, .readout = Readout::tokens}};
  EXPECT_EQ(encode(Encoder(without, points, options_), sentences, workspace_),
            encode(Encoder(zeros, points, options_), sentences, workspace_));
}

TEST_P(EncoderTest, ThreadsShareAnEncoder) {
  const auto sentences = random_sentences(40, 4);
  const Encoder encoder(model_, {{.layer = kConfig.layers, .readout = Readout::cls}}, options_);
  const auto expected = encode(encoder, sentences, workspace_);
  std::vector<std::vector<float>> results(4);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&] {
        Encoder::Workspace own(encoder);
        result = encode(encoder, sentences, own);
      });
    }
  }
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

// The last layer for [CLS] alone takes another way to the same vector.
TEST_P(EncoderTest, BitsDoNotDependOnHowManyThreadsShareABatch) {
  const std::vector<ReadoutPoint> points{{.layer = 0, .readout = Readout::tokens},
                                         {.layer = kConfig.layers - 1, .readout = Readout::tokens},
                                         {.layer = kConfig.layers, .readout = Readout::cls}};
  const Encoder encoder(model_, points, options_);
  // One token, one sentence, and more rows than a slice of the feed-forward block.
  for (const std::size_t count : {1U, 5U, 30U}) {
    const auto sentences = random_sentences(count, 3);
    const auto expected = encode(encoder, sentences, workspace_);
    for (const unsigned threads : {2U, 3U, 7U}) {
      Encoder::Workspace shared(encoder, threads);
      EXPECT_EQ(encode(encoder, sentences, shared), expected) << count << " " << threads;
      EXPECT_EQ(encode(encoder, sentences, shared), expected) << count << " " << threads;
    }
  }
}

TEST_P(EncoderTest, ClsOfTheLastLayerIsTheFirstTokensVector) {
  const auto sentences = random_sentences(30, 5);
  const float tolerance = options_.precision == Precision::fp32 ? 2e-5F : 0.2F;
  for (std::size_t layer = 0; layer <= kConfig.layers; ++layer) {
    const Encoder cls(model_, {{.layer = layer, .readout = Readout::cls}}, options_);
    const Encoder tokens(model_, {{.layer = layer, .readout = Readout::tokens}}, options_);
    for (const Ids& sentence : sentences) {
      const auto first = encode(cls, {sentence}, workspace_);
      const auto all = encode(tokens, {sentence}, workspace_);
      ASSERT_EQ(all.size(), sentence.size() * kConfig.hidden_size);
      for (std::size_t i = 0; i < kConfig.hidden_size; ++i) {
        ASSERT_NEAR(first[i], all[i], tolerance) << "layer " << layer;
      }
    }
  }
}

TEST_P(EncoderTest, PointsAreWrittenInTheirOrder) {
  const auto sentences = random_sentences(5, 6);
  const std::vector<ReadoutPoint> points = {{.layer = 2, .readout = Readout::cls},
                                            {.layer = 0, .readout = Readout::tokens},
                                            {.layer = 3, .readout = Readout::tokens},
                                            {.layer = 2, .readout = Readout::cls}};
  const Encoder all(model_, points, options_);
  const auto together = encode(all, sentences, workspace_);
  auto next = together.begin();
  for (const ReadoutPoint& point : points) {
    // Layers above the point are not computed for it alone, and its own layer is not cut short
    // where all tokens are wanted of a later one, so only full layers give the same bits.
    const Encoder one(model_, {point, {.layer = 3, .readout = Readout::tokens}}, options_);
    auto expected = encode(one, sentences, workspace_);
    std::size_t tokens = 0;
    for (const Ids& sentence : sentences) tokens += sentence.size();
    expected.resize((point.readout == Readout::cls ? sentences.size() : tokens) *
                    kConfig.hidden_size);
    ASSERT_TRUE(std::equal(expected.begin(), expected.end(), next));
    next += static_cast<std::ptrdiff_t>(expected.size());
  }
  EXPECT_EQ(next, together.end());
}

TEST_P(EncoderTest, RefusesWhatItCannotEncode) {
  const Encoder encoder(model_, {{.layer = kConfig.layers, .readout = Readout::cls}}, options_);
  EXPECT_THROW(encode(encoder, {{0, -1}}, workspace_), std::invalid_argument);
  EXPECT_THROW(encode(encoder, {{0, 50}}, workspace_), std::invalid_argument);
  EXPECT_THROW(encode(encoder, {{}}, workspace_), std::invalid_argument);
  EXPECT_THROW(encode(encoder, {Ids(81, 0)}, workspace_), std::invalid_argument);
  EXPECT_TRUE(encode(encoder, {}, workspace_).empty());
  const Ids ids{1, 2};
  std::vector<float> out(96);
  const std::vector<std::vector<std::size_t>> wrong = {{}, {1, 2}, {0, 1}, {0, 3}, {0, 2, 1, 2}};
  for (const auto& offsets : wrong) {
    EXPECT_THROW(encoder.encode({.ids = ids, .offsets = offsets}, out, workspace_),
                 std::invalid_argument);
  }
  const std::vector<std::size_t> offsets{0, 2};
  out.resize(95);
  EXPECT_THROW(encoder.encode({.ids = ids, .offsets = offsets}, out, workspace_),
               std::invalid_argument);
  EXPECT_THROW(Encoder(model_, {{.layer = 4, .readout = Readout::cls}}, options_),
               std::invalid_argument);
}

TEST(EncoderIsaTest, InstructionSetsAgree) {
  const auto isas = available_isas();
  if (isas.size() < 2) GTEST_SKIP() << "this CPU has one instruction set";
  const Model model = random_model(kConfig, 7);
  const auto sentences = random_sentences(50, 8);
  const std::vector<ReadoutPoint> last = {{.layer = kConfig.layers, .readout = Readout::cls}};
  const Encoder weakest(model, last, {.cpu = {.isa = isas[0]}});
  const Encoder next(model, last, {.cpu = {.isa = isas[1]}});
  EXPECT_EQ(weakest.device(), name(isas[0]));
  EXPECT_EQ(next.device(), name(isas[1]));
  Encoder::Workspace workspace(weakest);
  const auto a = encode(weakest, sentences, workspace);
  const auto b = encode(next, sentences, workspace);
  for (std::size_t s = 0; s < sentences.size(); ++s) {
    double norm_a = 0;
    double norm_b = 0;
    for (std::size_t i = s * kConfig.hidden_size; i < (s + 1) * kConfig.hidden_size; ++i) {
      norm_a += static_cast<double>(a[i]) * a[i];
      norm_b += static_cast<double>(b[i]) * b[i];
    }
    EXPECT_NEAR(std::sqrt(norm_a / norm_b), 1, 2e-6);
  }
}

}  // namespace
}  // namespace normscope
