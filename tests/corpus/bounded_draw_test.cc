#include "corpus/bounded_draw.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace normscope {
namespace {

TEST(BoundedDraw, StaysBelowTheBound) {
  std::mt19937_64 generator(0);
  for (const std::uint64_t bound : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3},
                                    (std::uint64_t{1} << 63) + 1, ~std::uint64_t{0}}) {
    for (int i = 0; i < 1000; ++i) ASSERT_LT(bounded_draw(generator, bound), bound);
  }
}

// Four raw numbers fall on three values here. Without the rejection, the first of each three would
// come twice as often as the others.
TEST(BoundedDraw, IsExactForLargeBounds) {
  std::mt19937_64 generator(0);
  const std::uint64_t bound = std::uint64_t{3} << 62;
  std::array<int, 3> remainders{};
  constexpr int draws = 30000;
  for (int i = 0; i < draws; ++i) ++remainders.at(bounded_draw(generator, bound) % 3);
  // Four standard deviations of a binomial count around a third.
  for (const int count : remainders) EXPECT_NEAR(count, draws / 3.0, 327);
}

// Pins the sequence, computed with an implementation of MT19937-64 in another language: samples of
// published results must come out again.
TEST(BoundedDraw, GivesTheSameNumbersForEver) {
  std::mt19937_64 generator(0);
  std::array<std::uint64_t, 5> numbers{};
  for (std::uint64_t& number : numbers) number = bounded_draw(generator, 1000);
  EXPECT_THAT(numbers, testing::ElementsAre(159, 992, 39, 597, 542));
}

}  // namespace
}  // namespace normscope
