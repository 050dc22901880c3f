#include "report/point_layer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace normscope {
namespace {

struct Pixel {
  int red, green, blue, opacity;
};

Pixel pixel(const PointLayer& layer, double x, double y) {
  const auto column = static_cast<std::size_t>(x * static_cast<double>(layer.width));
  const auto row = static_cast<std::size_t>(y * static_cast<double>(layer.height));
  const std::uint8_t* at = &layer.rgba.at(4 * (row * layer.width + column));
  return {at[0], at[1], at[2], at[3]};
}

TEST(DrawPoints, ADotWhereThePointIsAndNowhereElse) {
  const PointLayer layer =
      draw_points(std::vector<double>{5}, std::vector<double>{30}, {0, 20}, {0, 40});
  ASSERT_EQ(layer.rgba.size(), 4 * layer.width * layer.height);
  EXPECT_GT(pixel(layer, 0.25, 0.75).opacity, 200);
  EXPECT_EQ(pixel(layer, 0.25, 0.25).opacity, 0);
  EXPECT_EQ(pixel(layer, 0.75, 0.75).opacity, 0);
  std::size_t touched = 0;
  for (std::size_t i = 3; i < layer.rgba.size(); i += 4) touched += layer.rgba[i] > 0 ? 1 : 0;
  EXPECT_GT(touched, 100U);
  EXPECT_LT(touched, 400U);
}

TEST(DrawPoints, CrowdedPlacesAreDarker) {
  std::vector<double> x(20000, 0.25);
  std::vector<double> y(20000, 0.5);
  for (std::size_t i = 0; i < 10000; ++i) {
    x[i] = 0.5 + 0.4 * std::fmod(0.618 * static_cast<double>(i), 1);
    y[i] = static_cast<double>(i) / 10000;
  }
  x[0] = 0.1;
  y[0] = 0.1;
  const PointLayer layer = draw_points(x, y, {0, 1}, {0, 1});
  const Pixel lone = pixel(layer, 0.1, 0.1);
  const Pixel crowd = pixel(layer, 0.25, 0.5);
  EXPECT_EQ(lone.opacity, crowd.opacity);
  EXPECT_GT(lone.red, crowd.red + 100);
  EXPECT_GT(lone.blue, crowd.blue + 100);
}

TEST(DrawPoints, PointsOnTheEdgesStayInThePicture) {
  const PointLayer layer =
      draw_points(std::vector<double>{0, 1, 0, 1}, std::vector<double>{0, 0, 1, 1}, {0, 1}, {0, 1});
  for (const double x : {0.0, 0.9999}) {
    for (const double y : {0.0, 0.9999}) EXPECT_GT(pixel(layer, x, y).opacity, 200);
  }
}

TEST(DrawPoints, NoPoints) {
  const PointLayer layer = draw_points({}, {}, {0, 1}, {0, 1});
  EXPECT_EQ(pixel(layer, 0.5, 0.5).opacity, 0);
}

}  // namespace
}  // namespace normscope
