#include "reference/golden.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <random>
#include <vector>

#include "normscope/error.h"
#include "normscope/model.h"

namespace normscope::reference {
namespace {

constexpr std::size_t hidden_size = 24;

std::vector<float> random_state(std::size_t tokens, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> state(tokens * hidden_size);
  for (float& value : state) value = normal(generator);
  return state;
}

// Numbers that hidden_states.py's describe() gives for the same hidden state, printed by
//   python -c "import numpy, hidden_states as h;
//              print(h.describe(numpy.arange(6, dtype='float32').reshape(2, 3) ** 2 - 4))"
TEST(Sketch, IsThatOfTheScript) {
  const std::vector<float> state{-4, -3, 0, 5, 12, 21};
  const Sketch actual = sketch(state, 3);
  EXPECT_NEAR(actual.cls_norm, 5, 1e-8);
  EXPECT_NEAR(actual.norm, 25.1992063, 1e-7);
  const std::array<double, 8> sums{21, -27, 15, 5, 21, -37, 13, 45};
  const std::array<double, 16> values{-3, 0, 0, -4, 21, -4, 21, 0, 12, 5, 21, -4, 0, 5, 5, 12};
  EXPECT_EQ(actual.sums, sums);
  EXPECT_EQ(actual.values, values);
}

TEST(Sketch, EstimatesTheNormOfADifference) {
  // Over many pairs the mean square of the estimate comes near 1, and few single ones are far off.
  double mean_square = 0;
  int far = 0;
  constexpr int pairs = 200;
  for (int i = 0; i < pairs; ++i) {
    const std::size_t tokens = 1 + static_cast<std::size_t>(i) % 7;
    const std::vector<float> a = random_state(tokens, 2 * i);
    std::vector<float> b = random_state(tokens, 2 * i + 1);
    double squares = 0;
    double norm = 0;
    for (std::size_t j = 0; j < a.size(); ++j) {
      b[j] = a[j] + 1e-3F * b[j];
      squares += std::pow(double{a[j]} - double{b[j]}, 2);
      norm += std::pow(double{a[j]}, 2);
    }
    const double truth = std::sqrt(squares / norm);
    const double estimate =
        difference(sketch(b, hidden_size), sketch(a, hidden_size), a.size()).hidden_state;
    mean_square += std::pow(estimate / truth, 2) / pairs;
    if (estimate < truth / 3 || estimate > truth * 2) ++far;
  }
  EXPECT_NEAR(mean_square, 1, 0.15);
  EXPECT_LE(far, 10);
}

TEST(Sketch, SeesOneChangedElement) {
  const std::vector<float> a = random_state(9, 1);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::vector<float> b = a;
    b[i] += 0.01F;
    const Difference found = difference(sketch(b, hidden_size), sketch(a, hidden_size), a.size());
    EXPECT_NEAR(found.hidden_state, 0.01 / sketch(a, hidden_size).norm, 1e-6) << i;
  }
}

TEST(Sketch, SeesSwappedRows) {
  const std::vector<float> a = random_state(2, 1);
  std::vector<float> b(a.begin() + hidden_size, a.end());
  b.insert(b.end(), a.begin(), a.begin() + hidden_size);
  EXPECT_GT(difference(sketch(b, hidden_size), sketch(a, hidden_size), a.size()).hidden_state, 0.3);
}

TEST(Difference, IsZeroForEqualStatesAndNanForNan) {
  std::vector<float> state = random_state(1, 1);
  const Sketch golden = sketch(state, hidden_size);
  const Difference none = difference(golden, golden, state.size());
  EXPECT_EQ(none.cls_norm, 0);
  EXPECT_EQ(none.hidden_state, 0);
  EXPECT_EQ(none.value, 0);
  for (float& value : state) value = std::numeric_limits<float>::quiet_NaN();
  const Difference all = difference(sketch(state, hidden_size), golden, state.size());
  EXPECT_TRUE(std::isnan(all.cls_norm));
  EXPECT_TRUE(std::isnan(all.hidden_state));
  EXPECT_TRUE(std::isnan(all.value));
}

// Python writes the models here, and wrote them where the golden numbers were made: same bytes?
TEST(Golden, SmallModelsAreThoseOfTheGoldenNumbers) {
  ASSERT_GE(small_models().size(), 16U);
  for (const std::string& name : small_models()) {
    const Golden golden = read_golden(name);
    const Model model = load_model(small_model_folder(name));
    EXPECT_EQ(golden.model, name);
    EXPECT_EQ(golden.model_sha256, model_sha256(model)) << name;
    ASSERT_EQ(golden.sentences.size(), 20U) << name;
    EXPECT_EQ(golden.sentences.front().ids.size(), 1U) << name;
    EXPECT_EQ(golden.sentences.back().ids.size(), model.spec.max_positions) << name;
  }
}

// With LayerNorm weights of one and biases of zero every norm would be the same.
TEST(Golden, NormsDiffer) {
  for (const std::string& name : small_models()) {
    const Golden golden = read_golden(name);
    for (std::size_t layer = 1; layer < golden.sentences[0].layers.size(); ++layer) {
      double low = std::numeric_limits<double>::max();
      double high = 0;
      for (const GoldenSentence& sentence : golden.sentences) {
        low = std::min(low, sentence.layers[layer].cls_norm);
        high = std::max(high, sentence.layers[layer].cls_norm);
      }
      EXPECT_GT(high / low, 1.001) << name << ", layer " << layer;
    }
  }
}

TEST(Golden, MissingFileIsAnError) { EXPECT_THROW(read_golden("no such model"), Error); }

}  // namespace
}  // namespace normscope::reference
