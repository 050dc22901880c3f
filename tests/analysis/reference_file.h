#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "normscope/analysis.h"

namespace normscope {

using Json = nlohmann::json;

/// What a reference script of this folder wrote.
inline Json read_reference(const std::string& name) {
  std::ifstream file(std::string(NORMSCOPE_ANALYSIS_TESTS) + "/" + name);
  return Json::parse(file);
}

/// To 1e-9 of the scale.
inline void expect_close(double actual, const Json& expected, double scale,
                         const std::string& what) {
  EXPECT_NEAR(actual, expected.get<double>(), 1e-9 * scale) << what;
}

inline void expect_close(double actual, const Json& expected, const std::string& what) {
  expect_close(actual, expected, std::abs(expected.get<double>()), what);
}

inline void expect_close(const Interval& actual, const Json& expected, const std::string& what) {
  // An end near zero is as exact as the interval is wide.
  const double scale =
      std::max(std::abs(expected[0].get<double>()), std::abs(expected[1].get<double>()));
  expect_close(actual.low, expected[0], scale, what + " low");
  expect_close(actual.high, expected[1], scale, what + " high");
}

inline void expect_close(const Estimate& actual, const Json& expected, const std::string& what) {
  expect_close(actual.value, expected["value"], what);
  ASSERT_TRUE(actual.standard_error && actual.interval) << what;
  expect_close(*actual.standard_error, expected["standard_error"], what + " standard error");
  expect_close(*actual.interval, expected["interval"], what + " interval");
}

}  // namespace normscope
