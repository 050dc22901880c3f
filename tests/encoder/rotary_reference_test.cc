// Rotary positions against the numbers that torch gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "encoder/cpu/rotary.h"
#include "reference/golden.h"

namespace normscope {
namespace {

// torch's power of many numbers at once is that of SLEEF, which is not always the nearest float; of
// how many it is depends on its machine. For models' bases and heads it is the nearest.
TEST(RotaryReference, FrequenciesAreThoseOfTorchBitForBit) {
  constexpr std::array kBasesOfModels{1000.0, 10000.0, 20000.0, 160000.0, 500000.0, 1000000.0};
  const std::vector<reference::RotaryFrequencies> golden = reference::read_rotary_frequencies();
  std::size_t of_models = 0;
  std::size_t others = 0;
  std::size_t apart = 0;
  for (const auto& [base, divisor, head_size, values] : golden) {
    const std::vector<float> frequencies = rotary_frequencies(base, divisor, head_size);
    if (head_size <= 64 && std::ranges::count(kBasesOfModels, base) > 0) {
      of_models += values.size();
      EXPECT_EQ(frequencies, values)
          << "base " << base << ", divisor " << divisor << ", size " << head_size;
      continue;
    }
    ASSERT_EQ(frequencies.size(), values.size());
    others += values.size();
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(frequencies[i], values[i], 2.4e-7 * values[i]);
      if (frequencies[i] != values[i]) ++apart;
    }
  }
  EXPECT_GT(of_models, 600U);
  EXPECT_GT(others, 2000U);
  EXPECT_LT(apart, others / 50);
}

TEST(RotaryTable, HasTheCosinesAndSinesOfRoundedAngles) {
  constexpr std::size_t positions = 8192;
  const std::vector<float> frequencies = rotary_frequencies(160000, 1, 64);
  const RotaryTable table(frequencies, positions);
  ASSERT_EQ(table.view().stride, 64U);
  for (const std::size_t position : {0, 1, 2, 500, 8191}) {
    const float* const row = table.view().data + position * 64;
    for (std::size_t i = 0; i < 32; ++i) {
      const float angle = static_cast<float>(position) * frequencies[i];
      EXPECT_EQ(row[i], static_cast<float>(std::cos(double{angle})));
      EXPECT_EQ(row[32 + i], static_cast<float>(std::sin(double{angle})));
    }
  }
}

}  // namespace
}  // namespace normscope
