#include "encoder/cpu/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "encoder/cpu/aligned_buffer.h"

namespace normscope {
namespace {

std::vector<float> random_values(std::size_t size, std::uint32_t seed, float deviation = 1) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0, deviation);
  std::vector<float> values(size);
  for (float& value : values) value = normal(generator);
  return values;
}

double apply(Epilogue epilogue, double x) {
  switch (epilogue) {
    case Epilogue::none:
      return x;
    case Epilogue::gelu:
      return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    case Epilogue::gelu_new:
      return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
    case Epilogue::relu:
      return std::max(x, 0.0);
    case Epilogue::silu:
      return x / (1 + std::exp(-x));
  }
  return x;
}

class KernelsTest : public testing::TestWithParam<Isa> {
 protected:
  [[nodiscard]] const Kernels& kernels() const { return *kernels_for(GetParam(), Precision::fp32); }

  // The linear kernel on plain row-major inputs.
  [[nodiscard]] std::vector<float> linear(const std::vector<float>& x, std::size_t rows,
                                          const std::vector<float>& weight,
                                          const std::vector<float>& bias, std::size_t in,
                                          std::size_t out, Epilogue epilogue) const {
    AlignedBuffer panels(kernels().packed_size(in, out));
    kernels().pack(weight.data(), in, in, out, panels.data());
    // A frame of sentinels around the result shows any write beyond its columns.
    const std::size_t stride = out + 3;
    std::vector<float> y(rows * stride, kSentinel);
    kernels().linear({x.data(), in}, rows, {.data = panels.data(), .in = in, .out = out},
                     bias.empty() ? nullptr : bias.data(), epilogue, {y.data(), stride});
    std::vector<float> result;
    for (std::size_t r = 0; r < rows; ++r) {
      result.insert(result.end(), y.begin() + r * stride, y.begin() + r * stride + out);
      for (std::size_t c = out; c < stride; ++c) EXPECT_EQ(y[r * stride + c], kSentinel);
    }
    return result;
  }

  static constexpr float kSentinel = -12345;
};

INSTANTIATE_TEST_SUITE_P(Isas, KernelsTest, testing::ValuesIn(available_isas()),
                         [](const auto& test) { return std::string(name(test.param)); });

TEST_P(KernelsTest, LinearEqualsTheObviousSum) {
  const std::vector<std::tuple<std::size_t, std::size_t, std::size_t>> shapes = {
      {1, 1, 1},   {1, 8, 40},   {3, 40, 37},    {14, 32, 32},   {15, 33, 31},  {29, 64, 100},
      {5, 512, 8}, {7, 513, 65}, {31, 1100, 17}, {100, 96, 384}, {2, 3072, 48},
  };
  for (const auto& [rows, in, out] : shapes) {
    const auto x = random_values(rows * in, 1);
    const auto weight = random_values(out * in, 2, 1 / std::sqrt(static_cast<float>(in)));
    const auto bias = random_values(out, 3);
    for (const Epilogue epilogue :
         {Epilogue::none, Epilogue::gelu, Epilogue::gelu_new, Epilogue::relu, Epilogue::silu}) {
      const auto y = linear(x, rows, weight, bias, in, out, epilogue);
      for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < out; ++c) {
          double sum = bias[c];
          for (std::size_t k = 0; k < in; ++k) {
            sum += static_cast<double>(x[r * in + k]) * weight[c * in + k];
          }
          const double expected = apply(epilogue, sum);
          ASSERT_NEAR(y[r * out + c], expected, 4e-6 * (1 + std::abs(sum)))
              << rows << "x" << in << "x" << out << " at " << r << "," << c;
        }
      }
    }
  }
}

TEST_P(KernelsTest, LinearWithoutBiasStartsFromZero) {
  const auto y = linear({2, 3}, 1, {5, 7}, {}, 2, 1, Epilogue::none);
  EXPECT_EQ(y, std::vector<float>{31});
}

TEST_P(KernelsTest, ARowDoesNotDependOnTheOthers) {
  constexpr std::size_t rows = 61;
  constexpr std::size_t in = 700;
  constexpr std::size_t out = 130;
  const auto x = random_values(rows * in, 4);
  const auto weight = random_values(out * in, 5, 0.05F);
  const auto bias = random_values(out, 6);
  const auto all = linear(x, rows, weight, bias, in, out, Epilogue::gelu);
  for (std::size_t first = 0; first < rows; ++first) {
    for (const std::size_t count : {1, 2, 13, 14, 15}) {
      if (first + count > rows) continue;
      const std::vector<float> part(x.begin() + first * in, x.begin() + (first + count) * in);
      const auto y = linear(part, count, weight, bias, in, out, Epilogue::gelu);
      ASSERT_EQ(0, std::memcmp(y.data(), all.data() + first * out, y.size() * sizeof(float)))
          << count << " rows from " << first;
    }
  }
}

TEST_P(KernelsTest, ActivationsAreAccurateOverTheirWholeRange) {
  std::vector<float> x;
  for (int i = -32000; i <= 32000; ++i) x.push_back(static_cast<float>(i) * 0.00037F);
  for (const float value : {0.0F, -0.0F, 1e-30F, -1e-30F, 1e4F, -1e4F, 3e38F}) x.push_back(value);
  for (const Epilogue epilogue : {Epilogue::gelu, Epilogue::gelu_new, Epilogue::silu}) {
    const auto y = linear(x, x.size(), {1}, {}, 1, 1, epilogue);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double magnitude = std::abs(static_cast<double>(x[i]));
      ASSERT_NEAR(y[i], apply(epilogue, x[i]), 2.5e-7 * magnitude) << x[i];
    }
  }
}

TEST_P(KernelsTest, LayerNormEqualsTheObviousFormula) {
  for (const std::size_t size : {1, 2, 7, 16, 31, 40, 64, 65, 384, 1000}) {
    constexpr std::size_t rows = 3;
    const std::size_t stride = size + 5;
    const auto x = random_values(rows * stride, 7, 3);
    const auto residual = random_values(rows * stride, 8, 3);
    const auto weight = random_values(size, 9);
    const auto bias = random_values(size, 10);
    for (const bool add : {false, true}) {
      std::vector<float> y(rows * stride, kSentinel);
      kernels().add_layer_norm({x.data(), stride}, add ? residual.data() : nullptr, stride, rows,
                               size, weight.data(), bias.data(), 1e-12F, {y.data(), stride});
      for (std::size_t r = 0; r < rows; ++r) {
        std::vector<double> v(size);
        double mean = 0;
        for (std::size_t i = 0; i < size; ++i) {
          v[i] = x[r * stride + i] + (add ? residual[r * stride + i] : 0.0);
          mean += v[i] / static_cast<double>(size);
        }
        double variance = 0;
        for (const double value : v) {
          variance += (value - mean) * (value - mean) / static_cast<double>(size);
        }
        for (std::size_t i = 0; i < size; ++i) {
          const double expected =
              size == 1 ? bias[i]
                        : (v[i] - mean) / std::sqrt(variance + 1e-12) * weight[i] + bias[i];
          ASSERT_NEAR(y[r * stride + i], expected, 1e-5) << "size " << size << " at " << i;
        }
        for (std::size_t i = size; i < stride; ++i) EXPECT_EQ(y[r * stride + i], kSentinel);
      }
    }
  }
}

TEST_P(KernelsTest, LayerNormWorksInPlace) {
  const auto x = random_values(40, 11);
  const auto ones = std::vector<float>(40, 1);
  const auto zeros = std::vector<float>(40, 0);
  std::vector<float> apart(40);
  std::vector<float> in_place = x;
  kernels().add_layer_norm({x.data(), 40}, zeros.data(), 40, 1, 40, ones.data(), zeros.data(),
                           1e-5F, {apart.data(), 40});
  kernels().add_layer_norm({in_place.data(), 40}, zeros.data(), 40, 1, 40, ones.data(),
                           zeros.data(), 1e-5F, {in_place.data(), 40});
  EXPECT_EQ(apart, in_place);
}

std::vector<double> softmax(std::vector<double> scores) {
  const double largest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : scores) sum += score = std::exp(score - largest);
  for (double& score : scores) score /= sum;
  return scores;
}

struct AttentionSize {
  std::size_t tokens, heads, size;
  std::size_t reach = kAnyReach;
};

TEST_P(KernelsTest, AttentionEqualsTheObviousFormula) {
  for (const auto& [tokens, heads, size, reach] :
       std::vector<AttentionSize>{{1, 1, 8},
                                  {2, 5, 8},
                                  {13, 2, 32},
                                  {16, 3, 33},
                                  {33, 12, 32},
                                  {47, 1, 40},
                                  {129, 2, 64},
                                  // Of the tokens near them alone.
                                  {1, 1, 8, 0},
                                  {40, 2, 9, 0},
                                  {33, 3, 16, 1},
                                  {70, 1, 33, 7},
                                  {150, 2, 32, 16},
                                  {300, 1, 8, 64},
                                  {65, 2, 10, 63},
                                  {65, 2, 10, 64},
                                  {65, 2, 10, 1000}}) {
    const std::size_t hidden = heads * size;
    const std::size_t stride = row_stride(3 * hidden);
    // One more row than there are tokens: the kernel may read past the last one's end.
    const auto qkv = random_values((tokens + 1) * stride, 12, 1.5F);
    const AttentionShape shape{.tokens = tokens,
                               .heads = heads,
                               .head_size = size,
                               .first_head = 0,
                               .end_head = heads,
                               .reach = reach};
    // What the scratch held before does not matter.
    AlignedBuffer scratch(kernels().attention_scratch(shape));
    std::fill(scratch.data(), scratch.data() + scratch.size(), std::nanf(""));
    std::vector<float> context(tokens * (hidden + 1), kSentinel);
    kernels().attention({qkv.data(), stride}, shape, scratch.data(), {context.data(), hidden + 1});
    for (std::size_t head = 0; head < heads; ++head) {
      for (std::size_t i = 0; i < tokens; ++i) {
        std::vector<double> scores(tokens);
        for (std::size_t j = 0; j < tokens; ++j) {
          for (std::size_t k = 0; k < size; ++k) {
            scores[j] += static_cast<double>(qkv[i * stride + head * size + k]) *
                         qkv[j * stride + hidden + head * size + k] /
                         std::sqrt(static_cast<double>(size));
          }
          if ((i > j ? i - j : j - i) > reach) scores[j] = -HUGE_VAL;
        }
        const auto weights = softmax(scores);
        for (std::size_t k = 0; k < size; ++k) {
          double expected = 0;
          for (std::size_t j = 0; j < tokens; ++j) {
            expected += weights[j] * qkv[j * stride + 2 * hidden + head * size + k];
          }
          ASSERT_NEAR(context[i * (hidden + 1) + head * size + k], expected, 2e-5)
              << tokens << " tokens, reach " << reach << ", head " << head << " of " << heads
              << ", token " << i;
        }
      }
    }
    for (std::size_t i = 0; i < tokens; ++i)
      EXPECT_EQ(context[i * (hidden + 1) + hidden], kSentinel);
  }
}

// A long sentence's local attention reads the keys near each query, and room for so many.
TEST_P(KernelsTest, LocalAttentionNeedsNoRoomForAllScores) {
  AttentionShape shape{
      .tokens = 8192, .heads = 1, .head_size = 8, .first_head = 0, .end_head = 1, .reach = 64};
  const std::size_t keys = shape.tokens * shape.head_size;
  EXPECT_LT(kernels().attention_scratch(shape) - keys, 5000U);
  shape.reach = kAnyReach;
  EXPECT_GT(kernels().attention_scratch(shape) - keys, 5 * shape.tokens);
}

TEST_P(KernelsTest, RotateTurnsPairsByTheirAngles) {
  for (const auto& [rows, heads, size] :
       std::vector<std::tuple<std::size_t, std::size_t, std::size_t>>{
           {1, 1, 2}, {3, 2, 10}, {5, 3, 32}, {2, 12, 64}, {4, 1, 66}}) {
    const std::size_t stride = heads * size + 3;
    std::vector<float> angles(rows * size);
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t i = 0; i < size / 2; ++i) {
        const double angle = static_cast<double>(row) * 0.7 + static_cast<double>(i) * 0.3;
        angles[row * size + i] = static_cast<float>(std::cos(angle));
        angles[row * size + size / 2 + i] = static_cast<float>(std::sin(angle));
      }
    }
    auto x = random_values(rows * stride, 15);
    for (std::size_t row = 0; row < rows; ++row) {
      std::fill_n(x.begin() + row * stride + heads * size, 3, kSentinel);
    }
    const auto before = x;
    kernels().rotate({angles.data(), size}, rows, heads, size, {x.data(), stride});
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t head = 0; head < heads; ++head) {
        const std::size_t at = row * stride + head * size;
        for (std::size_t i = 0; i < size / 2; ++i) {
          const double angle = static_cast<double>(row) * 0.7 + static_cast<double>(i) * 0.3;
          const double a = before[at + i];
          const double b = before[at + size / 2 + i];
          ASSERT_NEAR(x[at + i], a * std::cos(angle) - b * std::sin(angle), 2e-6);
          ASSERT_NEAR(x[at + size / 2 + i], b * std::cos(angle) + a * std::sin(angle), 2e-6);
        }
      }
      for (std::size_t i = heads * size; i < stride; ++i) EXPECT_EQ(x[row * stride + i], kSentinel);
    }
  }
}

TEST_P(KernelsTest, AttendStatesEqualsTheObviousFormula) {
  for (const auto& [tokens, heads, hidden] :
       std::vector<std::tuple<std::size_t, std::size_t, std::size_t>>{
           {1, 1, 8}, {5, 3, 40}, {33, 12, 384}, {70, 16, 65}}) {
    const std::size_t stride = row_stride(hidden);
    const auto queries = random_values(heads * stride, 13);
    const auto states = random_values((tokens + 1) * stride, 14);
    const FirstTokenShape shape{
        .tokens = tokens, .heads = heads, .hidden = hidden, .key_size = hidden, .scale = 0.1F};
    AlignedBuffer scratch(kernels().attend_states_scratch(shape));
    std::vector<float> mixed(heads * stride);
    kernels().attend_states({queries.data(), stride}, {states.data(), stride},
                            {states.data(), stride}, shape, scratch.data(), {mixed.data(), stride});
    for (std::size_t head = 0; head < heads; ++head) {
      std::vector<double> scores(tokens);
      for (std::size_t t = 0; t < tokens; ++t) {
        for (std::size_t i = 0; i < hidden; ++i) {
          scores[t] += 0.1 * queries[head * stride + i] * states[t * stride + i];
        }
      }
      const auto weights = softmax(scores);
      for (std::size_t i = 0; i < hidden; ++i) {
        double expected = 0;
        for (std::size_t t = 0; t < tokens; ++t) expected += weights[t] * states[t * stride + i];
        ASSERT_NEAR(mixed[head * stride + i], expected, 2e-5) << "head " << head << " at " << i;
      }
    }
  }
}

TEST_P(KernelsTest, AttendStatesTakesKeysByHead) {
  constexpr std::size_t tokens = 21;
  constexpr std::size_t heads = 3;
  constexpr std::size_t hidden = 50;
  for (const std::size_t size : {2, 10, 16, 37}) {
    const std::size_t key_stride = heads * size + 1;
    const auto queries = random_values(heads * size, 16);
    const auto keys = random_values(tokens * key_stride, 17);
    const std::size_t stride = row_stride(hidden);
    const auto states = random_values((tokens + 1) * stride, 18);
    const FirstTokenShape shape{.tokens = tokens,
                                .heads = heads,
                                .hidden = hidden,
                                .key_size = size,
                                .key_step = size,
                                .scale = 0.3F};
    AlignedBuffer scratch(kernels().attend_states_scratch(shape));
    std::vector<float> mixed(heads * stride);
    kernels().attend_states({queries.data(), size}, {keys.data(), key_stride},
                            {states.data(), stride}, shape, scratch.data(), {mixed.data(), stride});
    for (std::size_t head = 0; head < heads; ++head) {
      std::vector<double> scores(tokens);
      for (std::size_t t = 0; t < tokens; ++t) {
        for (std::size_t i = 0; i < size; ++i) {
          scores[t] += 0.3 * queries[head * size + i] * keys[t * key_stride + head * size + i];
        }
      }
      const auto weights = softmax(scores);
      for (std::size_t i = 0; i < hidden; ++i) {
        double expected = 0;
        for (std::size_t t = 0; t < tokens; ++t) expected += weights[t] * states[t * stride + i];
        ASSERT_NEAR(mixed[head * stride + i], expected, 2e-5) << "head " << head << " at " << i;
      }
    }
  }
}

// Each factor is rounded to bfloat16 by itself, to 8 significant bits.
TEST(Bf16KernelsTest, LinearIsTheSumOfRoundedFactors) {
  const auto isas = available_isas();
  const Kernels* kernels = isas.empty() ? nullptr : kernels_for(isas.back(), Precision::bf16);
  if (kernels == nullptr) GTEST_SKIP() << "this CPU has no AVX512_BF16";
  const auto rounded = [](float x) {
    int exponent = 0;
    const double fraction = std::frexp(static_cast<double>(x), &exponent);
    return std::ldexp(std::nearbyint(fraction * 256) / 256, exponent);
  };
  for (const auto& [rows, in, out] : std::vector<std::tuple<std::size_t, std::size_t, std::size_t>>{
           {1, 1, 1}, {3, 40, 37}, {15, 33, 31}, {29, 64, 100}, {7, 513, 65}, {31, 1101, 17}}) {
    const auto x = random_values(rows * in, 1);
    const auto weight = random_values(out * in, 2, 1 / std::sqrt(static_cast<float>(in)));
    const auto bias = random_values(out, 3);
    AlignedBuffer panels(kernels->packed_size(in, out));
    kernels->pack(weight.data(), in, in, out, panels.data());
    std::vector<float> y(rows * out);
    kernels->linear({x.data(), in}, rows, {.data = panels.data(), .in = in, .out = out},
                    bias.data(), Epilogue::none, {y.data(), out});
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < out; ++c) {
        double sum = bias[c];
        for (std::size_t k = 0; k < in; ++k) {
          sum += rounded(x[r * in + k]) * rounded(weight[c * in + k]);
        }
        ASSERT_NEAR(y[r * out + c], sum, 4e-6 * (1 + std::abs(sum)))
            << rows << "x" << in << "x" << out << " at " << r << "," << c;
      }
    }
  }
}

}  // namespace
}  // namespace normscope
