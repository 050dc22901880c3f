#include "model/roles.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace normscope {
namespace {

EncoderSpec sizes() {
  return {.hidden_size = 4,
          .layers = 2,
          .heads = 2,
          .intermediate_size = 6,
          .vocabulary_size = 10,
          .max_positions = 8};
}

std::size_t count(const EncoderSpec& spec, Role role) {
  std::size_t found = 0;
  for (const Slot& slot : slots_of(spec)) found += slot.role == role ? 1U : 0U;
  return found;
}

TEST(Roles, AreThoseThatTheSpecHas) {
  EncoderSpec spec = sizes();
  EXPECT_EQ(slots_of(spec).size(), 3 + 2 * 8U);
  EXPECT_EQ(count(spec, Role::query), 2U);
  for (const Role role : {Role::token_type_embeddings, Role::embedding_projection,
                          Role::relative_bias, Role::gate, Role::final_norm, Role::pooler}) {
    EXPECT_EQ(count(spec, role), 0U);
  }
  spec.token_types = 1;
  spec.gated_feed_forward = true;
  spec.norms = NormPlace::before;
  spec.pooler = true;
  spec.embedding_size = 3;
  spec.relative_buckets = 32;
  EXPECT_EQ(slots_of(spec).size(), 3 + 3 + 2 * 9 + 2U);
  EXPECT_EQ(count(spec, Role::embedding_projection), 1U);
  EXPECT_EQ(count(spec, Role::relative_bias), 1U);
  EXPECT_EQ(count(spec, Role::gate), 2U);
  EXPECT_EQ(count(spec, Role::final_norm), 1U);
  EXPECT_EQ(slots_of(spec).back().role, Role::pooler);
}

TEST(Roles, HaveNoTableWherePositionsAreNotAbsolute) {
  EncoderSpec spec = sizes();
  EXPECT_EQ(count(spec, Role::position_embeddings), 1U);
  spec.absolute_positions = false;
  EXPECT_EQ(count(spec, Role::position_embeddings), 0U);
}

TEST(Roles, MayLackTheFirstNorm) {
  EncoderSpec spec = sizes();
  spec.norms = NormPlace::before;
  EXPECT_EQ(count(spec, Role::attention_norm), 2U);
  spec.first_attention_norm = false;
  EXPECT_EQ(count(spec, Role::attention_norm), 1U);
  EXPECT_EQ(count(spec, Role::output_norm), 2U);
  EXPECT_FALSE(has_weight({Role::attention_norm, 0}, spec));
  EXPECT_TRUE(has_weight({Role::attention_norm, 1}, spec));
  spec.norms = NormPlace::after;
  EXPECT_EQ(count(spec, Role::attention_norm), 2U);
}

TEST(Roles, AreThoseOfRelativePositionsAndAConvolution) {
  EncoderSpec spec = sizes();
  const std::size_t before = slots_of(spec).size();
  spec.absolute_positions = false;
  spec.relative_positions = RelativePositions{.limit = 5, .content_to_position = true};
  EXPECT_EQ(count(spec, Role::position_embeddings), 0U);
  EXPECT_EQ(count(spec, Role::relative_positions), 1U);
  EXPECT_EQ(slots_of(spec).size(), before);
  spec.relative_positions->norm = true;
  spec.relative_positions->own_maps = true;
  EXPECT_EQ(count(spec, Role::relative_position_norm), 1U);
  EXPECT_EQ(count(spec, Role::position_key), 2U);
  EXPECT_EQ(count(spec, Role::position_query), 0U);
  spec.relative_positions->position_to_content = true;
  EXPECT_EQ(count(spec, Role::position_query), 2U);
  spec.convolution_width = 3;
  EXPECT_EQ(count(spec, Role::convolution), 1U);
  EXPECT_EQ(count(spec, Role::convolution_norm), 1U);
  EXPECT_EQ(norm_before(1, spec)->role, Role::convolution_norm);
  EXPECT_EQ(norm_before(2, spec)->role, Role::output_norm);
  using Shape = std::vector<std::size_t>;
  EXPECT_EQ(shape_of(Role::relative_positions, spec), (Shape{10, 4}));
  EXPECT_EQ(shape_of(Role::convolution, spec), (Shape{4, 4, 3}));
  EXPECT_TRUE(has_bias(Role::convolution, spec));
  EXPECT_TRUE(has_bias(Role::position_key, spec));
  EXPECT_FALSE(has_bias(Role::relative_positions, spec));
  spec.relative_positions->buckets = 3;
  EXPECT_EQ(shape_of(Role::relative_positions, spec), (Shape{6, 4}));
  spec.embedding_size = 3;
  EXPECT_TRUE(has_bias(Role::embedding_projection, spec));
  EXPECT_FALSE(norm_before(0, spec));
  spec.projection_first = true;
  EXPECT_FALSE(has_bias(Role::embedding_projection, spec));
  EXPECT_EQ(shape_of(Role::embedding_norm, spec), (Shape{4}));
  EXPECT_EQ(norm_before(0, spec)->role, Role::embedding_norm);
}

TEST(Roles, AreThereOnceWhereLayersShareThem) {
  EncoderSpec spec = sizes();
  EXPECT_EQ(stored_layers(spec), 2U);
  EXPECT_EQ(stored_layer(1, spec), 1U);
  spec.layers = 6;
  spec.layer_groups = 3;
  EXPECT_EQ(count(spec, Role::query), 3U);
  EXPECT_EQ(stored_layer(1, spec), 0U);
  EXPECT_EQ(stored_layer(2, spec), 1U);
  EXPECT_EQ(stored_layer(5, spec), 2U);
  EXPECT_EQ(norm_before(0, spec)->role, Role::embedding_norm);
  EXPECT_EQ(norm_before(6, spec)->layer, 2U);
}

TEST(Roles, HaveTheSpecsShapes) {
  EncoderSpec spec = sizes();
  spec.first_position = 2;
  using Shape = std::vector<std::size_t>;
  EXPECT_EQ(shape_of(Role::word_embeddings, spec), (Shape{10, 4}));
  EXPECT_EQ(shape_of(Role::position_embeddings, spec), (Shape{10, 4}));
  EXPECT_EQ(shape_of(Role::gate, spec), (Shape{6, 4}));
  EXPECT_EQ(shape_of(Role::output, spec), (Shape{4, 6}));
  EXPECT_EQ(shape_of(Role::final_norm, spec), (Shape{4}));
  EXPECT_EQ(shape_of(Role::pooler, spec), (Shape{4, 4}));
  spec.embedding_size = 3;
  spec.relative_buckets = 32;
  EXPECT_EQ(shape_of(Role::word_embeddings, spec), (Shape{10, 3}));
  EXPECT_EQ(shape_of(Role::position_embeddings, spec), (Shape{10, 3}));
  EXPECT_EQ(shape_of(Role::embedding_norm, spec), (Shape{3}));
  EXPECT_EQ(shape_of(Role::embedding_projection, spec), (Shape{4, 3}));
  EXPECT_EQ(shape_of(Role::relative_bias, spec), (Shape{32, 2}));
}

TEST(Roles, HaveBiasesAsTheSpecSays) {
  EncoderSpec spec = sizes();
  EXPECT_FALSE(has_bias(Role::word_embeddings, spec));
  EXPECT_TRUE(has_bias(Role::query, spec));
  spec.attention_biases = false;
  EXPECT_FALSE(has_bias(Role::query, spec));
  EXPECT_TRUE(has_bias(Role::gate, spec));
  spec.intermediate_biases = false;
  EXPECT_FALSE(has_bias(Role::gate, spec));
  EXPECT_FALSE(has_bias(Role::intermediate, spec));
  EXPECT_TRUE(has_bias(Role::output, spec));
  spec.output_biases = false;
  EXPECT_FALSE(has_bias(Role::output, spec));
  EXPECT_TRUE(has_bias(Role::output_norm, spec));
  spec.norm_biases = false;
  EXPECT_FALSE(has_bias(Role::output_norm, spec));
  EXPECT_TRUE(has_bias(Role::pooler, spec));
}

TEST(Roles, NameTheNormThatAHiddenStateComesOutOf) {
  EncoderSpec spec = sizes();
  EXPECT_EQ(norm_before(0, spec)->role, Role::embedding_norm);
  EXPECT_EQ(norm_before(2, spec)->role, Role::output_norm);
  EXPECT_EQ(norm_before(2, spec)->layer, 1U);
  spec.embedding_size = 3;
  EXPECT_FALSE(norm_before(0, spec));
  spec.embedding_size = 0;
  spec.norms = NormPlace::before;
  EXPECT_EQ(norm_before(0, spec)->role, Role::embedding_norm);
  EXPECT_FALSE(norm_before(1, spec));
  EXPECT_EQ(norm_before(2, spec)->role, Role::final_norm);
}

TEST(Layers, AreLocalWhereTheSpecSaysSo) {
  EncoderSpec spec = sizes();
  EXPECT_FALSE(is_local(1, spec));
  spec.local_layers = {1};
  EXPECT_FALSE(is_local(0, spec));
  EXPECT_TRUE(is_local(1, spec));
}

TEST(ModelWeights, AreFoundByRoleAndLayer) {
  ModelWeights weights;
  weights.add({.role = Role::query, .layer = 1, .weight = {.shape = {3}}, .bias = {}});
  EXPECT_EQ(weights.at(Role::query, 1).weight.shape.front(), 3U);
  EXPECT_THROW(static_cast<void>(weights.at(Role::query, 0)), std::out_of_range);
  EXPECT_THROW(static_cast<void>(weights.at(Role::key, 1)), std::out_of_range);
}

}  // namespace
}  // namespace normscope
