#include "normscope/controls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "encoder/random_model.h"
#include "model/roles.h"
#include "text/words.h"

namespace normscope {
namespace {

std::multiset<std::string> word_set(const std::string& text) {
  const auto words = words_of(text);
  return {words.begin(), words.end()};
}

TEST(ShuffleWords, KeepsTheWordsAndChangesTheirOrder) {
  const std::string text = "the  cat sat\ton the \u3000 mat, and then it left";
  std::set<std::string> orders;
  for (std::uint64_t index = 0; index < 50; ++index) {
    const std::string shuffled = shuffle_words(text, 1, index);
    EXPECT_EQ(word_set(shuffled), word_set(text));
    EXPECT_EQ(shuffled, shuffle_words(text, 1, index));
    orders.insert(shuffled);
  }
  EXPECT_GT(orders.size(), 45U);
  EXPECT_NE(shuffle_words(text, 1, 0), shuffle_words(text, 2, 0));
}

TEST(ShuffleWords, AllOrdersAreAsLikely) {
  std::size_t first = 0;
  for (std::uint64_t index = 0; index < 3000; ++index) {
    first += shuffle_words("a b c", 5, index).front() == 'a' ? 1U : 0U;
  }
  EXPECT_NEAR(static_cast<double>(first), 1000, 5 * std::sqrt(3000 * 2.0 / 9));
}

TEST(ShuffleWords, OfNoneAndOne) {
  EXPECT_EQ(shuffle_words("", 1, 1), "");
  EXPECT_EQ(shuffle_words(" alone ", 1, 1), "alone");
}

std::vector<float> values(const TensorView& tensor) {
  std::vector<float> read(tensor.size());
  tensor.read(0, read);
  return read;
}

TEST(RandomizeWeights, DrawsMatricesAnewAndKeepsTheRest) {
  const EncoderSpec config{.hidden_size = 32,
                           .layers = 2,
                           .heads = 2,
                           .intermediate_size = 64,
                           .vocabulary_size = 300,
                           .max_positions = 40,
                           .token_types = 2,
                           .layer_norm_epsilon = 1e-12F,
                           .activation = Activation::gelu,
                           .pooler = true};
  const Model model = random_model(config, 1);
  const Model random = randomize_weights(model, 7);
  const auto words = values(random.weights.at(Role::word_embeddings).weight);
  double sum = 0;
  double squares = 0;
  for (const float x : words) {
    sum += x;
    squares += static_cast<double>(x) * x;
  }
  const auto n = static_cast<double>(words.size());
  EXPECT_NEAR(sum / n, 0, 5 * 0.02 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n), 0.02, 5 * 0.02 / std::sqrt(2 * n));
  ASSERT_EQ(random.weights.all().size(), model.weights.all().size());
  std::set<std::vector<float>> drawn;
  for (std::size_t i = 0; i < model.weights.all().size(); ++i) {
    const Weight& was = model.weights.all()[i];
    const Weight& is = random.weights.all()[i];
    EXPECT_EQ(is.weight.shape, was.weight.shape);
    if (kind_of(was.role) == RoleKind::layer_norm) {
      EXPECT_EQ(values(is.weight), values(was.weight));
    } else {
      EXPECT_NE(values(is.weight), values(was.weight));
      EXPECT_TRUE(drawn.insert(values(is.weight)).second) << "drawn twice";
    }
    EXPECT_EQ(is.bias.data, was.bias.data);
  }
  // Three tables, six matrices a layer and the pooler.
  EXPECT_EQ(drawn.size(), 3 + 6 * config.layers + 1);
  EXPECT_EQ(words, values(randomize_weights(model, 7).weights.at(Role::word_embeddings).weight));
  EXPECT_NE(words, values(randomize_weights(model, 8).weights.at(Role::word_embeddings).weight));
}

// Of what BERT has not: a map after the embeddings, biases by relative position, shared layers.
TEST(RandomizeWeights, DrawsTheRolesOfEveryArchitecture) {
  const EncoderSpec spec{.hidden_size = 24,
                         .layers = 4,
                         .layer_groups = 2,
                         .heads = 2,
                         .intermediate_size = 40,
                         .vocabulary_size = 60,
                         .embedding_size = 10,
                         .max_positions = 16,
                         .layer_norm_epsilon = 1e-12F,
                         .relative_buckets = 32};
  const Model model = random_model(spec, 1);
  const Model random = randomize_weights(model, 7);
  std::set<std::vector<float>> drawn;
  for (const Weight& weight : random.weights.all()) {
    if (kind_of(weight.role) != RoleKind::layer_norm) drawn.insert(values(weight.weight));
  }
  // Two tables, the map, the biases, and six matrices for each two layers.
  EXPECT_EQ(drawn.size(), 2 + 1 + 1 + 6 * spec.layer_groups);
  for (const Role role : {Role::embedding_projection, Role::relative_bias}) {
    EXPECT_NE(values(random.weights.at(role).weight), values(model.weights.at(role).weight));
  }
}

// Of what stands below one another in a stored tensor each map is drawn by itself.
TEST(RandomizeWeights, DrawsTheRolesOfModernBert) {
  const EncoderSpec spec{.hidden_size = 24,
                         .layers = 3,
                         .heads = 2,
                         .intermediate_size = 40,
                         .vocabulary_size = 60,
                         .max_positions = 16,
                         .absolute_positions = false,
                         .layer_norm_epsilon = 1e-5F,
                         .rotary_base = 160000,
                         .local_rotary_base = 10000,
                         .local_layers = {1, 2},
                         .local_reach = 2,
                         .norms = NormPlace::before,
                         .first_attention_norm = false,
                         .gated_feed_forward = true};
  const Model model = random_model(spec, 1);
  const Model random = randomize_weights(model, 7);
  std::set<std::vector<float>> drawn;
  for (const Weight& weight : random.weights.all()) {
    if (kind_of(weight.role) != RoleKind::layer_norm) drawn.insert(values(weight.weight));
  }
  // A table, and seven matrices a layer.
  EXPECT_EQ(drawn.size(), 1 + 7 * spec.layers);
}

TEST(RandomizeWeights, DrawsDebertasPositionsAndConvolution) {
  EncoderSpec spec{.hidden_size = 24,
                   .layers = 2,
                   .heads = 2,
                   .intermediate_size = 40,
                   .vocabulary_size = 60,
                   .max_positions = 16,
                   .absolute_positions = false,
                   .layer_norm_epsilon = 1e-7F,
                   .convolution_width = 3};
  spec.relative_positions = RelativePositions{.buckets = 6,
                                              .limit = 16,
                                              .content_to_position = true,
                                              .position_to_content = true,
                                              .own_maps = true,
                                              .norm = true};
  const Model model = random_model(spec, 1);
  const Model random = randomize_weights(model, 7);
  std::set<std::vector<float>> drawn;
  for (const Weight& weight : random.weights.all()) {
    if (kind_of(weight.role) != RoleKind::layer_norm) drawn.insert(values(weight.weight));
  }
  // Two tables, the convolution, and eight matrices a layer.
  EXPECT_EQ(drawn.size(), 2 + 1 + 8 * spec.layers);
  const Role norm = Role::relative_position_norm;
  EXPECT_EQ(values(random.weights.at(norm).weight), values(model.weights.at(norm).weight));
}

}  // namespace
}  // namespace normscope
