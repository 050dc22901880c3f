#include "report/digits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace normscope {
namespace {

std::string range(double low, double high) {
  return shown_range({.low = low, .high = high}, Digits::of(Interval{.low = low, .high = high}));
}

std::string estimate(double value, double low, double high) {
  const Estimate found{
      .value = value, .standard_error = {}, .interval = Interval{.low = low, .high = high}};
  return shown_estimate(found, Digits::of(found));
}

TEST(Digits, TellTheEndsOfARangeApart) {
  EXPECT_EQ(range(4898.72, 4898.88), "4898.720 to 4898.880");
  EXPECT_EQ(range(14.7, 15.5), "14.70 to 15.50");
  EXPECT_EQ(range(9e-13, 1.1e-12), "9.00e-13 to 1.100e-12");
  EXPECT_EQ(range(489898.05, 489898.15), "489898.050 to 489898.150");
  EXPECT_EQ(range(1e30, 3e30), "1.00e+30 to 3.00e+30");
  EXPECT_EQ(range(12345, 67890), "12345 to 67890");
  EXPECT_EQ(range(0, 1e-12), "0 to 1.00e-12");
  EXPECT_EQ(range(-0.0004, 0.5), "0.00 to 0.50");
}

TEST(Digits, OfEqualEnds) {
  EXPECT_EQ(range(15.25, 15.25), "15.25 to 15.25");
  EXPECT_EQ(range(0, 0), "0 to 0");
  EXPECT_EQ(range(1, 1 + 1e-15), "1 to 1");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Digits::of_spread(nan)(12.3456), "12.35");
}

TEST(Digits, OfAnEstimate) {
  EXPECT_EQ(estimate(-0.0015123, -0.0025, -0.0005), "-0.00151 [-0.00250, -0.00050]");
  EXPECT_EQ(shown_estimate({.value = 12.3456, .standard_error = {}, .interval = {}},
                           Digits::of_spread(0)),
            "12.35");
  EXPECT_EQ(digits_of_mean(0.4)(15.1), "15.10");
  EXPECT_EQ(digits_of_mean(1e-13)(1e-12), "1.000e-12");
  EXPECT_EQ(digits_of_mean(0.05)(489898.1), "489898.100");
}

TEST(Digits, OfARatio) {
  const auto shown = [](double value, double low, double high) {
    const Estimate found{
        .value = value, .standard_error = {}, .interval = Interval{.low = low, .high = high}};
    return shown_estimate(found, Digits::of_ratio(found));
  };
  // 0.5 % [0.0, 2.9]
  EXPECT_EQ(shown(0.005292, 0, 0.02946), "0.005 [0.000, 0.029]");
  EXPECT_EQ(shown(0.00104, 0.00049, 0.00169), "0.0010 [0.0005, 0.0017]");
  EXPECT_EQ(shown(1, 1 - 1e-12, 1), "1.000 [1.000, 1.000]");
  EXPECT_EQ(shown(-0.00001, -0.2, 0.2), "0.000 [-0.200, 0.200]");
  EXPECT_EQ(
      Digits::of_ratio(Estimate{.value = 0.00123, .standard_error = {}, .interval = {}})(0.00123),
      "0.0012");
  EXPECT_EQ(Digits::of_ratio(Estimate{.value = 6e-6, .standard_error = {}, .interval = {}})(6e-6),
            "0.0000");
}

TEST(Digits, CountsAndShares) {
  EXPECT_EQ(Digits::count()(31730), "31,730");
  EXPECT_EQ(Digits::percent()(0.1234), "12.3 %");
  EXPECT_EQ(Digits::small_percent()(1.02e-5), "0.001 %");
  EXPECT_EQ(Digits::small_percent()(0.0265), "2.6 %");
}

TEST(Digits, OfTics) {
  EXPECT_EQ(tics_format({.low = 0, .high = 80}), "%g");
  EXPECT_EQ(tics_format({.low = 14.7, .high = 15.5}), "%g");
  EXPECT_EQ(tics_format({.low = 4898.72, .high = 4898.88}), "%g");
  EXPECT_EQ(tics_format({.low = 489898.05, .high = 489898.15}), "%.2f");
  EXPECT_EQ(tics_format({.low = 1e30, .high = 3e30}), "%g");
  EXPECT_EQ(tics_format({.low = 1e9, .high = 1e9 + 1e5}), "%g");
  EXPECT_EQ(tics_format({.low = 1e9, .high = 1e9 + 1e3}), "%.7e");
  EXPECT_EQ(tics_format({.low = 1, .high = 1}), "%g");
}

}  // namespace
}  // namespace normscope
