#include "analysis/band.h"

#include <gtest/gtest.h>

#include <vector>

namespace normscope {
namespace {

TEST(ShortestBand, LeavesOutTheFarthest) {
  const Band band = shortest_band(std::vector<double>{0, 10, 11, 12, 13, 14, 15, 16, 17, 18}, 0.9);
  EXPECT_EQ(band.low, 10);
  EXPECT_EQ(band.high, 18);
  EXPECT_DOUBLE_EQ(band.share, 0.9);
}

TEST(ShortestBand, TheLowestOfSeveral) {
  const Band band = shortest_band(std::vector<double>{1, 2, 3, 4}, 0.5);
  EXPECT_EQ(band.low, 1);
  EXPECT_EQ(band.high, 2);
}

TEST(ShortestBand, CountsTiesAtItsEnds) {
  const Band band = shortest_band(std::vector<double>{1, 5, 5, 5, 9}, 0.4);
  EXPECT_EQ(band.low, 5);
  EXPECT_EQ(band.high, 5);
  EXPECT_DOUBLE_EQ(band.share, 0.6);
}

TEST(ShortestBand, AtLeastTheShareWanted) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7};
  for (const double share : {1e-9, 0.1, 0.3, 0.5, 6.0 / 7, 0.9, 1.0}) {
    EXPECT_GE(shortest_band(values, share).share, share);
  }
  EXPECT_DOUBLE_EQ(shortest_band(values, 6.0 / 7).share, 6.0 / 7);
}

TEST(ShortestBand, OneValue) {
  const Band band = shortest_band(std::vector<double>{4}, 0.9);
  EXPECT_EQ(band.low, 4);
  EXPECT_EQ(band.high, 4);
  EXPECT_EQ(band.share, 1);
}

}  // namespace
}  // namespace normscope
