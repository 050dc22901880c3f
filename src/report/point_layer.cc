#include "report/point_layer.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace normscope {
namespace {

constexpr std::size_t kWidth = 1320;
constexpr std::size_t kHeight = 780;
constexpr double kOpacity = 0.9;
constexpr int kTones = 12;
constexpr int kOpacities = 4;

/// The look of a single dot: the fewer there are, the larger and darker it is.
struct Dot {
  double radius;
  double tone;
};

Dot dot_for(std::size_t count) {
  constexpr double kMany = 1e4;
  const double size = std::log(std::max<double>(static_cast<double>(count), 1)) / std::log(kMany);
  const double sparse = std::max(1 - size, 0.0);
  return {.radius = 3.2 + 5 * sparse, .tone = 0.45 * sparse};
}

using Colour = std::array<double, 3>;
constexpr std::array<Colour, 4> kRamp{{{158, 202, 225}, {66, 146, 198}, {8, 81, 156}, {8, 30, 80}}};

Colour colour_at(double tone) {
  const double position = tone * (kRamp.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(position), kRamp.size() - 2);
  Colour colour{};
  for (std::size_t c = 0; c < colour.size(); ++c) {
    colour[c] = std::lerp(kRamp[low][c], kRamp[low + 1][c], position - static_cast<double>(low));
  }
  return colour;
}

/// How many dots cover each pixel; at a dot's rim, a fraction of one.
std::vector<float> coverage(std::span<const double> x, std::span<const double> y,
                            const Interval& x_range, const Interval& y_range, double radius) {
  std::vector<float> covered(kWidth * kHeight);
  const auto position = [](double value, const Interval& range, std::size_t size) {
    return (value - range.low) / (range.high - range.low) * static_cast<double>(size);
  };
  const auto first = [&](double centre) {
    return static_cast<std::size_t>(std::max(std::floor(centre - radius - 0.5), 0.0));
  };
  const auto last = [&](double centre, std::size_t size) {
    return static_cast<std::size_t>(
        std::clamp(std::ceil(centre + radius + 0.5), 0.0, static_cast<double>(size)));
  };
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double centre_x = position(x[i], x_range, kWidth);
    const double centre_y = position(y[i], y_range, kHeight);
    for (std::size_t row = first(centre_y); row < last(centre_y, kHeight); ++row) {
      for (std::size_t column = first(centre_x); column < last(centre_x, kWidth); ++column) {
        const double distance = std::hypot(static_cast<double>(column) + 0.5 - centre_x,
                                           static_cast<double>(row) + 0.5 - centre_y);
        covered[row * kWidth + column] +=
            static_cast<float>(std::clamp(radius + 0.5 - distance, 0.0, 1.0));
      }
    }
  }
  return covered;
}

/// The coverage that gets the darkest tone: only a few pixels have more.
double darkest(std::span<const float> covered) {
  std::vector<float> touched;
  std::ranges::copy_if(covered, std::back_inserter(touched), [](float c) { return c > 0; });
  // If fewer dots overlap, all stay light.
  double most = 8;
  if (!touched.empty()) {
    const auto at = touched.begin() + static_cast<std::ptrdiff_t>(touched.size() / 1000 * 995);
    std::ranges::nth_element(touched, at);
    most = std::max(most, static_cast<double>(*at));
  }
  return most;
}

}  // namespace

PointLayer draw_points(std::span<const double> x, std::span<const double> y,
                       const Interval& x_range, const Interval& y_range) {
  const Dot dot = dot_for(x.size());
  const std::vector<float> covered = coverage(x, y, x_range, y_range, dot.radius);
  const double most = darkest(covered);
  PointLayer layer{.width = kWidth, .height = kHeight, .rgba = {}};
  layer.rgba.reserve(4 * covered.size());
  for (const float dots : covered) {
    const double depth = std::min(std::log(std::max<double>(dots, 1)) / std::log(most), 1.0);
    const double tone = std::lerp(dot.tone, 1.0, depth);
    const double solidity = std::min<double>(dots, 1);
    for (const double part : colour_at(std::round(tone * kTones) / kTones)) {
      layer.rgba.push_back(dots > 0 ? static_cast<std::uint8_t>(std::lround(part)) : 0);
    }
    layer.rgba.push_back(static_cast<std::uint8_t>(
        std::lround(255 * kOpacity * std::round(solidity * kOpacities) / kOpacities)));
  }
  return layer;
}

}  // namespace normscope
