// The encoder against the definition of what its spec says, in all its variants.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "encoder/naive_encoder.h"
#include "encoder/random_model.h"
#include "normscope/encoder.h"

namespace normscope {
namespace {

struct Variant {
  std::string name;
  EncoderSpec spec;
};

std::vector<Variant> variants() {
  const EncoderSpec base{.hidden_size = 40,
                         .layers = 3,
                         .heads = 5,
                         .intermediate_size = 70,
                         .vocabulary_size = 30,
                         .max_positions = 300,
                         .token_types = 2,
                         .layer_norm_epsilon = 1e-12F,
                         .activation = Activation::gelu};
  std::vector<Variant> all{{"bert", base}};
  const auto add = [&](const std::string& name) -> EncoderSpec& {
    return all.emplace_back(Variant{name, base}).spec;
  };
  add("norms_before").norms = NormPlace::before;
  add("gated").gated_feed_forward = true;
  add("no_attention_biases").attention_biases = false;
  add("no_feed_forward_biases").feed_forward_biases = false;
  add("no_norm_biases").norm_biases = false;
  add("no_token_types").token_types = 0;
  add("later_positions").first_position = 2;
  add("large_epsilon").layer_norm_epsilon = 0.1F;
  add("relu").activation = Activation::relu;
  add("gelu_new").activation = Activation::gelu_new;
  EncoderSpec& other = add("all_at_once");
  other.norms = NormPlace::before;
  other.gated_feed_forward = true;
  other.attention_biases = other.feed_forward_biases = other.norm_biases = false;
  other.token_types = 0;
  other.first_position = 3;
  other.activation = Activation::relu;
  return all;
}

void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.name; }

// As against transformers' numbers: within 1e-5 as a whole, and each element within 1e-4 of the
// usual one.
bool agree(std::span<const float> actual, std::span<const double> expected) {
  double squares = 0;
  double difference = 0;
  double largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double apart = std::abs(actual[i] - expected[i]);
    squares += expected[i] * expected[i];
    difference += apart * apart;
    largest = std::max(largest, apart);
  }
  return actual.size() == expected.size() && std::sqrt(difference) <= 1e-5 * std::sqrt(squares) &&
         largest <= 1e-4 * std::sqrt(squares / static_cast<double>(expected.size()));
}

class SpecTest : public testing::TestWithParam<Variant> {};

INSTANTIATE_TEST_SUITE_P(Variants, SpecTest, testing::ValuesIn(variants()),
                         [](const auto& test) { return test.param.name; });

TEST_P(SpecTest, HiddenStatesAreThoseOfTheDefinition) {
  const EncoderSpec& spec = GetParam().spec;
  const Model model = random_model(spec, 1);
  std::vector<ReadoutPoint> points;
  for (std::size_t layer = 0; layer <= spec.layers; ++layer) {
    points.push_back({.layer = layer, .readout = Readout::tokens});
  }
  std::mt19937 generator(2);
  for (const Isa isa : available_isas()) {
    const Encoder every(model, points, {.cpu = {.isa = isa}});
    Encoder::Workspace workspace(every);
    // One token, some, and more than a slice of the feed-forward block.
    for (const std::size_t tokens : {1U, 17U, 240U}) {
      std::vector<TokenId> ids(tokens);
      for (TokenId& id : ids) id = static_cast<TokenId>(generator() % spec.vocabulary_size);
      const std::vector<std::size_t> offsets{0, tokens};
      const PackedBatch batch{.ids = ids, .offsets = offsets};
      std::vector<float> states(every.output_size(batch));
      every.encode(batch, states, workspace);
      const auto expected = naive_hidden_states(model, ids);
      const std::size_t size = tokens * spec.hidden_size;
      for (std::size_t layer = 0; layer <= spec.layers; ++layer) {
        const Encoder cls(model, {{.layer = layer, .readout = Readout::cls}},
                          {.cpu = {.isa = isa}});
        std::vector<float> vector(spec.hidden_size);
        cls.encode(batch, vector, workspace);
        const auto state = std::span(states).subspan(layer * size, size);
        EXPECT_TRUE(agree(state, expected[layer])) << "layer " << layer;
        EXPECT_TRUE(agree(vector, std::span(expected[layer]).first(spec.hidden_size)))
            << "[CLS] of layer " << layer;
      }
    }
  }
}

}  // namespace
}  // namespace normscope
