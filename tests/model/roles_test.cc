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
  for (const Role role :
       {Role::token_type_embeddings, Role::gate, Role::final_norm, Role::pooler}) {
    EXPECT_EQ(count(spec, role), 0U);
  }
  spec.token_types = 1;
  spec.gated_feed_forward = true;
  spec.norms = NormPlace::before;
  spec.pooler = true;
  EXPECT_EQ(slots_of(spec).size(), 3 + 1 + 2 * 9 + 2U);
  EXPECT_EQ(count(spec, Role::gate), 2U);
  EXPECT_EQ(count(spec, Role::final_norm), 1U);
  EXPECT_EQ(slots_of(spec).back().role, Role::pooler);
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
}

TEST(Roles, HaveBiasesAsTheSpecSays) {
  EncoderSpec spec = sizes();
  EXPECT_FALSE(has_bias(Role::word_embeddings, spec));
  EXPECT_TRUE(has_bias(Role::query, spec));
  spec.attention_biases = false;
  EXPECT_FALSE(has_bias(Role::query, spec));
  EXPECT_TRUE(has_bias(Role::gate, spec));
  spec.feed_forward_biases = false;
  EXPECT_FALSE(has_bias(Role::gate, spec));
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
  spec.norms = NormPlace::before;
  EXPECT_EQ(norm_before(0, spec)->role, Role::embedding_norm);
  EXPECT_FALSE(norm_before(1, spec));
  EXPECT_EQ(norm_before(2, spec)->role, Role::final_norm);
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
