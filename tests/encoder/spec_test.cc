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
  add("no_intermediate_biases").intermediate_biases = false;
  add("no_output_biases").output_biases = false;
  add("no_norm_biases").norm_biases = false;
  add("no_token_types").token_types = 0;
  add("later_positions").first_position = 2;
  EncoderSpec& padding = add("padding_in_the_text");
  padding.first_position = 8;
  padding.padding_id = 7;
  add("one_layer_for_all").layer_groups = 1;
  EncoderSpec& groups = add("layers_in_groups");
  groups.layers = 4;
  groups.layer_groups = 2;
  add("narrow_embeddings").embedding_size = 24;
  add("wide_embeddings").embedding_size = 65;
  add("relative_biases").relative_buckets = 32;
  const RelativePositions both{
      .buckets = 32, .limit = 300, .content_to_position = true, .position_to_content = true};
  const auto add_relative = [&](const std::string& name, const RelativePositions& positions) {
    EncoderSpec& spec = add(name);
    spec.absolute_positions = false;
    spec.relative_positions = positions;
  };
  RelativePositions relative = both;
  relative.norm = true;
  add_relative("relative_positions", relative);
  relative.own_maps = true;
  add_relative("positions_with_own_maps", relative);
  relative = both;
  relative.position_to_content = false;
  relative.buckets = 0;
  add_relative("queries_score_with_positions", relative);
  relative = both;
  relative.content_to_position = false;
  relative.buckets = 0;
  relative.limit = 20;
  add_relative("keys_score_with_positions", relative);
  EncoderSpec& absolute = add("absolute_and_relative_positions");
  absolute.relative_positions = both;
  absolute.embedding_size = 24;
  absolute.projection_first = true;
  EncoderSpec& convolution = add("convolution");
  convolution.convolution_width = 3;
  EncoderSpec& wide_convolution = add("wide_convolution_after_the_only_layer");
  wide_convolution.layers = 1;
  wide_convolution.convolution_width = 5;
  wide_convolution.convolution_activation = Activation::relu;
  wide_convolution.relative_positions = both;
  add("large_epsilon").layer_norm_epsilon = 0.1F;
  add("relu").activation = Activation::relu;
  add("gelu_new").activation = Activation::gelu_new;
  add("silu").activation = Activation::silu;
  EncoderSpec& rotary = add("rotary");
  rotary.absolute_positions = false;
  rotary.rotary_base = 1000;
  EncoderSpec& scaled = add("rotary_scaled");
  scaled.rotary_base = 20000;
  scaled.rotary_divisor = 1.3;
  EncoderSpec& local = add("local_layers");
  local.local_layers = {0, 2};
  local.local_reach = 9;
  EncoderSpec& itself = add("local_to_each_token");
  itself.local_layers = {1};
  EncoderSpec& far = add("local_beyond_all");
  far.local_layers = {0, 1, 2};
  far.local_reach = 300;
  EncoderSpec modern = base;
  modern.absolute_positions = false;
  modern.rotary_base = 160000;
  modern.local_rotary_base = 10000;
  modern.local_layers = {1, 2};
  modern.local_reach = 16;
  modern.norms = NormPlace::before;
  modern.first_attention_norm = false;
  modern.attention_biases = modern.intermediate_biases = modern.output_biases = false;
  modern.norm_biases = false;
  modern.gated_feed_forward = true;
  modern.token_types = 0;
  add("modernbert") = modern;
  modern.local_layers = {1};
  add("modernbert_global_last") = modern;
  modern.layers = 1;
  modern.local_layers = {0};
  add("modernbert_one_layer") = modern;
  EncoderSpec& other = add("all_at_once");
  other.norms = NormPlace::before;
  other.gated_feed_forward = true;
  other.attention_biases = other.intermediate_biases = other.norm_biases = false;
  other.output_biases = false;
  other.token_types = 0;
  other.first_position = 3;
  other.padding_id = 2;
  other.embedding_size = 7;
  other.relative_buckets = 32;
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

// Beside a query's own row, the way to the first token alone has nothing left out.
TEST(Spec, FirstTokensOfDisentangledAttentionHaveTheBitsOfAllTokens) {
  for (const auto& [name, spec] : variants()) {
    if (!spec.relative_positions) continue;
    const Model model = random_model(spec, 5);
    const std::vector<TokenId> ids(77, 3);
    const std::vector<std::size_t> offsets{0, 30, 31, 77};
    const PackedBatch batch{.ids = ids, .offsets = offsets};
    for (const Isa isa : available_isas()) {
      const ReadoutPoint cls{.layer = spec.layers, .readout = Readout::cls};
      const Encoder first(model, {cls}, {.cpu = {.isa = isa}});
      const Encoder all(model, {cls, {.layer = spec.layers, .readout = Readout::mean}},
                        {.cpu = {.isa = isa}});
      Encoder::Workspace workspace(all);
      std::vector<float> alone(first.output_size(batch));
      std::vector<float> together(all.output_size(batch));
      first.encode(batch, alone, workspace);
      all.encode(batch, together, workspace);
      EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.begin())) << name;
    }
  }
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

TEST_P(SpecTest, BitsDoNotDependOnTheBatchOrTheThreads) {
  const EncoderSpec& spec = GetParam().spec;
  const Model model = random_model(spec, 3);
  std::mt19937 generator(4);
  std::vector<TokenId> ids;
  std::vector<std::size_t> offsets{0};
  for (const std::size_t tokens : {5U, 1U, 33U, 16U, 240U}) {
    for (std::size_t t = 0; t < tokens; ++t) {
      ids.push_back(static_cast<TokenId>(generator() % spec.vocabulary_size));
    }
    offsets.push_back(ids.size());
  }
  const PackedBatch batch{.ids = ids, .offsets = offsets};
  for (const Isa isa : available_isas()) {
    const Encoder encoder(model,
                          {{.layer = 0, .readout = Readout::cls},
                           {.layer = spec.layers - 1, .readout = Readout::mean},
                           {.layer = spec.layers, .readout = Readout::cls}},
                          {.cpu = {.isa = isa}});
    Encoder::Workspace one(encoder);
    Encoder::Workspace three(encoder, 3);
    std::vector<float> together(encoder.output_size(batch));
    std::vector<float> shared(together.size());
    encoder.encode(batch, together, one);
    encoder.encode(batch, shared, three);
    EXPECT_EQ(together, shared);
    for (std::size_t s = 0; s < batch.sentences(); ++s) {
      const std::size_t tokens = offsets[s + 1] - offsets[s];
      const std::vector<std::size_t> ends{0, tokens};
      const PackedBatch alone{.ids = batch.ids.subspan(offsets[s], tokens), .offsets = ends};
      std::vector<float> vectors(encoder.output_size(alone));
      encoder.encode(alone, vectors, one);
      for (std::size_t p = 0; p < 3; ++p) {
        const float* const expected =
            together.data() + (p * batch.sentences() + s) * spec.hidden_size;
        EXPECT_TRUE(std::equal(expected, expected + spec.hidden_size,
                               vectors.data() + p * spec.hidden_size))
            << "point " << p << ", sentence " << s;
      }
    }
  }
}

}  // namespace
}  // namespace normscope
