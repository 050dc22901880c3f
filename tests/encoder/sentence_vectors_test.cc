#include "encoder/sentence_vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "encoder/random_model.h"
#include "encoder/readout.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::FloatNear;

constexpr std::size_t kHidden = 2;

// Two sentences, of three tokens and of one; the rows are three floats apart.
const std::vector<TokenId> kIds{1, 2, 3, 4};
const std::vector<std::size_t> kOffsets{0, 3, 4};
const std::vector<float> kTokens{1, 10, -1, 4, -2, -1, 7, 1, -1, 5, 6, -1};

std::vector<float> read(const OwnReadout& readout, std::size_t prompt_ids = 0,
                        bool first_only = false) {
  const PackedBatch batch{.ids = kIds, .offsets = kOffsets, .prompt_ids = prompt_ids};
  const SentenceVectors vectors(readout, kHidden);
  std::vector<float> out(batch.sentences() * vectors.width());
  vectors.read_out(batch, {.data = kTokens.data(), .stride = 3, .first_only = first_only},
                   out.data());
  return out;
}

std::vector<float> pooled(Pooling pooling, std::size_t prompt_ids = 0) {
  return read({.poolings = {pooling}, .includes_prompt = prompt_ids == 0, .width = kHidden},
              prompt_ids);
}

TEST(SentenceVectors, PoolsTokens) {
  EXPECT_THAT(pooled(Pooling::cls), ElementsAre(1, 10, 5, 6));
  EXPECT_THAT(pooled(Pooling::max), ElementsAre(7, 10, 5, 6));
  EXPECT_THAT(pooled(Pooling::mean), ElementsAre(4, 3, 5, 6));
  EXPECT_THAT(pooled(Pooling::lasttoken), ElementsAre(7, 1, 5, 6));
  const float root = std::sqrt(3.0F);
  EXPECT_THAT(pooled(Pooling::mean_sqrt_len_tokens),
              ElementsAre(FloatNear(12 / root, 1e-6F), FloatNear(9 / root, 1e-6F), 5, 6));
  // (1 + 2·4 + 3·7) / 6 and (10 - 2·2 + 3·1) / 6
  EXPECT_THAT(pooled(Pooling::weightedmean), ElementsAre(5, 1.5F, 5, 6));
}

TEST(SentenceVectors, LeavesOutThePrompt) {
  // Of the second sentence nothing but its only token is left.
  EXPECT_THAT(pooled(Pooling::cls, 1), ElementsAre(4, -2, 5, 6));
  EXPECT_THAT(pooled(Pooling::max, 1), ElementsAre(7, 1, 5, 6));
  EXPECT_THAT(pooled(Pooling::mean, 1), ElementsAre(5.5F, -0.5F, 5, 6));
  EXPECT_THAT(pooled(Pooling::weightedmean, 1), ElementsAre(5.8F, -0.2F, 5, 6));
  EXPECT_THAT(pooled(Pooling::lasttoken, 2), ElementsAre(7, 1, 5, 6));
  EXPECT_THAT(read({.poolings = {Pooling::mean}, .width = kHidden}, 1), ElementsAre(4, 3, 5, 6));
}

TEST(SentenceVectors, LaysPoolingsEndToEnd) {
  EXPECT_THAT(read({.poolings = {Pooling::max, Pooling::cls}, .width = 2 * kHidden}),
              ElementsAre(7, 10, 1, 10, 5, 6, 5, 6));
}

TEST(SentenceVectors, GoesThroughItsLayers) {
  OwnReadout readout{.poolings = {Pooling::cls}, .width = 3};
  readout.layers = {
      DenseLayer{.inputs = 2, .outputs = 3, .weight = {1, 0, 0, 1, 1, -1}, .bias = {0, 0.5F, 0}}};
  EXPECT_THAT(read(readout), ElementsAre(1, 10.5F, -9, 5, 6.5F, -1));
  auto& dense = std::get<DenseLayer>(readout.layers[0]);
  dense.bias = {};
  dense.activation = DenseActivation::relu;
  EXPECT_THAT(read(readout), ElementsAre(1, 10, 0, 5, 6, 0));
  dense.weight = {0.1F, 0, 0, 0, 0, 0};
  dense.activation = DenseActivation::tanh;
  EXPECT_THAT(read(readout), ElementsAre(FloatNear(std::tanh(0.1F), 1e-7F), 0, 0,
                                         FloatNear(std::tanh(0.5F), 1e-7F), 0, 0));
  dense.activation = DenseActivation::sigmoid;
  EXPECT_THAT(read(readout), ElementsAre(FloatNear(0.52497919F, 1e-7F), 0.5F, 0.5F,
                                         FloatNear(0.62245933F, 1e-7F), 0.5F, 0.5F));
  dense.activation = DenseActivation::gelu;
  EXPECT_THAT(read(readout), ElementsAre(FloatNear(0.05398278F, 1e-7F), 0, 0,
                                         FloatNear(0.34573123F, 1e-7F), 0, 0));
}

TEST(SentenceVectors, NormalizesWhereALayerSaysSo) {
  OwnReadout readout{.poolings = {Pooling::max}, .layers = {NormalizeLayer{}}, .width = kHidden};
  const float norm = std::sqrt(149.0F);
  EXPECT_THAT(read(readout), ElementsAre(FloatNear(7 / norm, 1e-7F), FloatNear(10 / norm, 1e-7F),
                                         FloatNear(5 / std::sqrt(61.0F), 1e-7F),
                                         FloatNear(6 / std::sqrt(61.0F), 1e-7F)));
  readout.layers = {LayerNormLayer{.scale = {2, 3}, .shift = {1, -1}}};
  // The mean is 8.5, the deviation 1.5.
  const auto scaled = static_cast<float>(1.5 / std::sqrt(2.25 + 1e-5));
  const std::vector<float> vector = read(readout);
  EXPECT_NEAR(vector[0], 1 - 2 * scaled, 1e-6);
  EXPECT_NEAR(vector[1], -1 + 3 * scaled, 1e-6);
}

TEST(SentenceVectors, NeedsTheFirstTokenAloneForCls) {
  const OwnReadout cls{.poolings = {Pooling::cls}, .width = kHidden};
  EXPECT_TRUE(SentenceVectors(cls, kHidden).reads_first_token());
  EXPECT_THAT(read(cls, 0, true), ElementsAre(1, 10, 4, -2));
  EXPECT_FALSE(SentenceVectors({.poolings = {Pooling::cls}, .includes_prompt = false}, kHidden)
                   .reads_first_token());
  EXPECT_FALSE(
      SentenceVectors({.poolings = {Pooling::cls, Pooling::max}}, kHidden).reads_first_token());
}

// The encoder beside its other readouts: the same numbers, and room for another width.
TEST(SentenceVectors, AreOneOfTheEncodersReadouts) {
  const EncoderSpec spec{.hidden_size = 16,
                         .layers = 2,
                         .heads = 2,
                         .intermediate_size = 24,
                         .vocabulary_size = 20,
                         .max_positions = 10,
                         .token_types = 2,
                         .layer_norm_epsilon = 1e-12F};
  Model model = random_model(spec, 3);
  EXPECT_THROW(Encoder(model, {{.layer = 2, .readout = Readout::model}}), std::invalid_argument);
  model.own_readout = OwnReadout{.poolings = {Pooling::mean, Pooling::max}, .width = 32};
  EXPECT_THROW(Encoder(model, {{.layer = 1, .readout = Readout::model}}), std::invalid_argument);
  const Encoder encoder(model, {{.layer = 2, .readout = Readout::model},
                                {.layer = 2, .readout = Readout::mean},
                                {.layer = 1, .readout = Readout::cls},
                                {.layer = 2, .readout = Readout::max}});
  EXPECT_EQ(encoder.width(Readout::model), 32U);
  EXPECT_EQ(encoder.width(Readout::mean), 16U);
  const PackedBatch batch{.ids = kIds, .offsets = kOffsets};
  EXPECT_EQ(encoder.output_size(batch), 2 * (32U + 16 + 16 + 16));
  std::vector<float> out(encoder.output_size(batch));
  Encoder::Workspace workspace(encoder);
  encoder.encode(batch, out, workspace);
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t i = 0; i < 16; ++i) {
      EXPECT_EQ(out[s * 32 + i], out[64 + s * 16 + i]);
      EXPECT_EQ(out[s * 32 + 16 + i], out[64 + 64 + s * 16 + i]);
    }
  }
}

}  // namespace
}  // namespace normscope
