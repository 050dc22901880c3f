#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "encoder/cpu/aligned_buffer.h"
#include "encoder/cpu/distance_columns.h"
#include "encoder/cpu/kernels.h"

namespace normscope {
namespace {

std::vector<float> random_numbers(std::size_t size, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(size);
  for (float& value : values) value = normal(generator);
  return values;
}

// bucket(distance) + 256 of transformers 5.23's make_log_bucket_position for 256 buckets and 512
// positions, the sizes that all public models have.
TEST(DistanceColumns, AreTransformersPositionsOfPublicModels) {
  const DistanceColumns columns({.buckets = 256, .limit = 512}, 512);
  const auto position = [&](std::ptrdiff_t distance) { return columns.zero()[distance] - 255; };
  for (std::ptrdiff_t distance = 0; distance <= 128; ++distance) {
    EXPECT_EQ(position(distance), distance);
    EXPECT_EQ(position(-distance), -distance);
  }
  EXPECT_EQ(position(129), 129);
  EXPECT_EQ(position(131), 131);
  EXPECT_EQ(position(132), 131);
  EXPECT_EQ(position(200), 169);
  EXPECT_EQ(position(-200), -169);
  EXPECT_EQ(position(256), 192);
  EXPECT_EQ(position(400), 233);
  EXPECT_EQ(position(510), 255);
  EXPECT_EQ(position(511), 255);
  EXPECT_EQ(position(-511), -255);
}

TEST(DistanceColumns, CountEveryDistanceUpToTheLimitWithoutBuckets) {
  const DistanceColumns columns({.buckets = 0, .limit = 4}, 8);
  const std::vector<std::int32_t> all(columns.zero() - 7, columns.zero() + 8);
  EXPECT_EQ(all, (std::vector<std::int32_t>{0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7}));
}

class DisentangledAttentionTest : public testing::TestWithParam<Isa> {};

INSTANTIATE_TEST_SUITE_P(Isas, DisentangledAttentionTest, testing::ValuesIn(available_isas()),
                         [](const auto& test) { return std::string(name(test.param)); });

TEST_P(DisentangledAttentionTest, EqualsTheObviousFormula) {
  const Kernels& kernels = *kernels_for(GetParam(), Precision::fp32);
  struct Case {
    std::size_t tokens, heads, size, buckets;
    bool keys, queries;
  };
  for (const auto& [tokens, heads, size, buckets, with_keys, with_queries] :
       std::vector<Case>{{1, 1, 8, 0, true, true},
                         {2, 3, 5, 4, true, true},
                         {13, 2, 32, 6, true, false},
                         {16, 3, 33, 8, false, true},
                         {33, 2, 32, 256, true, true},
                         {129, 2, 17, 32, true, true}}) {
    const std::size_t hidden = heads * size;
    const std::size_t limit = 140;
    const std::size_t columns = 2 * (buckets == 0 ? limit : buckets);
    const DistanceColumns distances({.buckets = buckets, .limit = limit}, limit);
    const std::size_t stride = columns + kernels.panel_width;
    const auto queries = random_numbers(tokens * hidden, 1);
    const auto keys = random_numbers(tokens * hidden, 2);
    // One more row than there are tokens: the kernel may read past the last one's end.
    const auto values = random_numbers((tokens + 1) * hidden + kernels.panel_width, 3);
    const auto position_keys = random_numbers(hidden * stride, 4);
    const auto position_queries = random_numbers(hidden * stride, 5);
    for (const std::size_t asking : {std::size_t{1}, tokens}) {
      const DisentangledShape shape{
          .queries = asking,
          .tokens = tokens,
          .head_size = size,
          .first_head = 0,
          .end_head = heads,
          .scale = 0.3F,
          .tables = {.keys = with_keys ? position_keys.data() : nullptr,
                     .queries = with_queries ? position_queries.data() : nullptr,
                     .stride = stride,
                     .zero = distances.zero()}};
      constexpr float kSentinel = -12345;
      std::vector<float> scratch(kernels.disentangled_attention_scratch(shape) + 1, kSentinel);
      std::vector<float> context(asking * (hidden + 1), kSentinel);
      kernels.disentangled_attention({queries.data(), hidden}, {keys.data(), hidden},
                                     {values.data(), hidden}, shape, scratch.data(),
                                     {context.data(), hidden + 1});
      EXPECT_EQ(scratch.back(), kSentinel);
      for (std::size_t i = 0; i < asking; ++i) {
        for (std::size_t head = 0; head < heads; ++head) {
          std::vector<double> weights(tokens);
          double sum = 0;
          for (std::size_t j = 0; j < tokens; ++j) {
            const auto column = static_cast<std::size_t>(
                distances.zero()[static_cast<std::ptrdiff_t>(j) - static_cast<std::ptrdiff_t>(i)]);
            double score = 0;
            for (std::size_t k = head * size; k < (head + 1) * size; ++k) {
              const double q = queries[i * hidden + k];
              const double key = keys[j * hidden + k];
              score += q * key;
              if (with_keys) score += q * position_keys[k * stride + column];
              if (with_queries) score += position_queries[k * stride + column] * key;
            }
            weights[j] = std::exp(0.3 * score);
            sum += weights[j];
          }
          for (std::size_t k = head * size; k < (head + 1) * size; ++k) {
            double expected = 0;
            for (std::size_t j = 0; j < tokens; ++j) {
              expected += weights[j] / sum * values[j * hidden + k];
            }
            ASSERT_NEAR(context[i * (hidden + 1) + k], expected, 2e-5)
                << tokens << " tokens, query " << i << ", head " << head;
          }
        }
        EXPECT_EQ(context[i * (hidden + 1) + hidden], kSentinel);
      }
    }
  }
}

// A head, or a query, has the same bits whichever others are computed with it.
TEST_P(DisentangledAttentionTest, BitsDoNotDependOnTheOtherHeadsOrQueries) {
  const Kernels& kernels = *kernels_for(GetParam(), Precision::fp32);
  constexpr std::size_t tokens = 61;
  constexpr std::size_t heads = 3;
  constexpr std::size_t size = 20;
  constexpr std::size_t hidden = heads * size;
  const DistanceColumns distances({.buckets = 16, .limit = 64}, 64);
  const std::size_t stride = 32 + kernels.panel_width;
  const auto inputs = random_numbers(3 * (tokens + 2) * hidden, 6);
  const auto tables = random_numbers(2 * hidden * stride, 7);
  const ConstRows queries{inputs.data(), hidden};
  const ConstRows keys{inputs.data() + tokens * hidden, hidden};
  const ConstRows values{inputs.data() + 2 * tokens * hidden, hidden};
  DisentangledShape shape{.queries = tokens,
                          .tokens = tokens,
                          .head_size = size,
                          .first_head = 0,
                          .end_head = heads,
                          .scale = 0.2F,
                          .tables = {.keys = tables.data(),
                                     .queries = tables.data() + hidden * stride,
                                     .stride = stride,
                                     .zero = distances.zero()}};
  const auto attend = [&] {
    AlignedBuffer scratch(kernels.disentangled_attention_scratch(shape));
    std::vector<float> context(shape.queries * hidden);
    kernels.disentangled_attention(queries, keys, values, shape, scratch.data(),
                                   {context.data(), hidden});
    return context;
  };
  const std::vector<float> all = attend();
  for (const std::size_t asking : {std::size_t{1}, std::size_t{15}, tokens}) {
    for (std::size_t head = 0; head < heads; ++head) {
      shape.queries = asking;
      shape.first_head = head;
      shape.end_head = head + 1;
      const std::vector<float> some = attend();
      for (std::size_t i = 0; i < asking; ++i) {
        for (std::size_t k = head * size; k < (head + 1) * size; ++k) {
          ASSERT_EQ(some[i * hidden + k], all[i * hidden + k]) << asking << ", head " << head;
        }
      }
    }
  }
}

}  // namespace
}  // namespace normscope
