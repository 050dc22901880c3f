#pragma once

#include <string>

#include "normscope/analysis.h"

namespace normscope {

/// How numbers are written so that they can be told apart: with as many decimals as show how far
/// apart they are, and no more.
class Digits {
 public:
  /// For numbers that are `spread` apart, such as the ends of a range: two or three digits of the
  /// spread. If that is 0 or not finite, four digits of each number.
  static Digits of_spread(double spread);
  static Digits of(const Interval& range);
  /// For an estimate and its interval.
  static Digits of(const Estimate& estimate);

  /// For shares, correlations and the like, which are seldom above 1: one digit of the spread less,
  /// and 3 to 6 decimals, so that 0.005 here matches 0.5 % in a sentence.
  static Digits of_ratio(double spread);
  static Digits of_ratio(const Estimate& estimate);

  /// This many significant digits of each number, as for a p-value.
  static Digits significant(int digits);
  /// 31,730
  static Digits count();
  /// 0.123 as "12.3 %"
  static Digits percent();
  /// 0.0265 as "2.6 %", with two digits, however small it is.
  static Digits small_percent();

  std::string operator()(double number) const;

 private:
  enum class Kind { significant, decimals, count, percent, small_percent };
  Digits(Kind kind, int decimals) : kind_(kind), decimals_(decimals) {}

  Kind kind_;
  /// Below 0: the last digit shown is that of tens, hundreds, …
  int decimals_;
};

/// "15.12 ± 0.4" is of_spread(2 × 0.4): the spread of a mean with its standard deviation.
Digits digits_of_mean(double standard_deviation);

/// "12.3 to 12.9", or with another word or sign between the ends.
std::string shown_range(const Interval& range, const Digits& digits,
                        const std::string& between = " to ");

/// "0.0012 [0.0005, 0.0019]"; only the number if it has no interval.
std::string shown_estimate(const Estimate& estimate, const Digits& digits);

/// The argument of gnuplot's `set format` for the tics of an axis: "%g" if six digits tell them
/// apart, else enough decimals to do so.
std::string tics_format(const Interval& axis);

}  // namespace normscope
