#include "report/digits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "report/thousands.h"

namespace normscope {
namespace {

/// A double has no more digits.
constexpr int kMostDigits = 16;
/// Numbers of more digits before or after the point are written with an exponent.
constexpr int kMostWhole = 7;
constexpr int kMostDecimals = 7;

int exponent_of(double number) { return static_cast<int>(std::floor(std::log10(number))); }

/// The fewest decimals with which `spread` is at least `steps` units of the last one.
int decimals_for(double spread, double steps) {
  return static_cast<int>(std::ceil(std::log10(steps / spread) - 1e-9));
}

bool usable(double spread) { return std::isfinite(spread) && spread > 0; }

/// The spread from `low` to `high`; 0 if it is no more than rounding.
double spread_between(double low, double high) {
  constexpr double kRounding = 1e-13;
  const double spread = high - low;
  return spread > kRounding * std::max(std::abs(low), std::abs(high)) ? spread : 0;
}

double spread_of(const Estimate& estimate) {
  if (!estimate.interval) return 0;
  return spread_between(std::min(estimate.value, estimate.interval->low),
                        std::max(estimate.value, estimate.interval->high));
}

/// Removes the sign of a number that is shown as 0.
std::string unsigned_zero(std::string text) {
  if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos)
    text.erase(0, 1);
  return text;
}

std::string with_decimals(double number, int decimals) {
  const double size = std::abs(number);
  const int exponent = size > 0 ? exponent_of(size) : 0;
  if (size == 0 && decimals > kMostDecimals) return "0";
  if (decimals > kMostDecimals && exponent < -3) {
    return fmt::format("{:.{}e}", number, std::clamp(decimals + exponent, 0, kMostDigits - 1));
  }
  if (decimals < 0 && exponent >= kMostWhole) {
    return fmt::format("{:.{}e}", number, std::clamp(decimals + exponent, 0, kMostDigits - 1));
  }
  const int most = std::max(kMostDigits - 1 - std::max(exponent, 0), 0);
  return unsigned_zero(fmt::format("{:.{}f}", number, std::clamp(decimals, 0, most)));
}

}  // namespace

Digits Digits::of_spread(double spread) {
  if (!usable(spread)) return significant(4);
  constexpr double kSteps = 50;
  return {Kind::decimals, decimals_for(spread, kSteps)};
}

Digits Digits::of(const Interval& range) {
  return of_spread(spread_between(range.low, range.high));
}

Digits Digits::of(const Estimate& estimate) { return of_spread(spread_of(estimate)); }

Digits Digits::of_ratio(double spread) {
  constexpr double kSteps = 10;
  constexpr int kFewest = 3;
  constexpr int kMost = 6;
  if (!usable(spread)) return {Kind::decimals, kFewest};
  const int decimals = decimals_for(spread, kSteps);
  // Numbers that differ by less than a millionth are as good as equal.
  return {Kind::decimals, decimals > kMost ? kFewest : std::max(decimals, kFewest)};
}

Digits Digits::of_ratio(const Estimate& estimate) {
  if (estimate.interval) return of_ratio(spread_of(estimate));
  // Without an interval: 0.0012, but 0.0000 for a millionth.
  return {Kind::decimals, std::abs(estimate.value) < 0.01 && estimate.value != 0 ? 4 : 3};
}

Digits Digits::significant(int digits) { return {Kind::significant, digits}; }

Digits Digits::count() { return {Kind::count, 0}; }

Digits Digits::percent() { return {Kind::percent, 1}; }

Digits Digits::small_percent() { return {Kind::small_percent, 2}; }

std::string Digits::operator()(double number) const {
  switch (kind_) {
    case Kind::count:
      return number >= 0 ? thousands(static_cast<std::uint64_t>(number)) : "0";
    case Kind::percent:
      return fmt::format("{:.{}f} %", 100 * number, decimals_);
    case Kind::small_percent:
      return fmt::format("{:.{}g} %", 100 * number, decimals_);
    case Kind::significant:
      return fmt::format("{:.{}g}", number, decimals_);
    case Kind::decimals:
      break;
  }
  return with_decimals(number, decimals_);
}

Digits digits_of_mean(double standard_deviation) {
  return Digits::of_spread(2 * standard_deviation);
}

std::string shown_range(const Interval& range, const Digits& digits, const std::string& between) {
  return digits(range.low) + between + digits(range.high);
}

std::string shown_estimate(const Estimate& estimate, const Digits& digits) {
  std::string text = digits(estimate.value);
  if (estimate.interval) text += " [" + shown_range(*estimate.interval, digits, ", ") + "]";
  return text;
}

std::string tics_format(const Interval& axis) {
  const double largest = std::max(std::abs(axis.low), std::abs(axis.high));
  const double spread = axis.high - axis.low;
  if (!usable(spread) || !std::isfinite(largest)) return "%g";
  // Tics are a tenth of the axis apart or more.
  const int decimals = decimals_for(spread, 10);
  constexpr int kDigitsOfG = 6;
  if (exponent_of(largest) + 1 + decimals <= kDigitsOfG) return "%g";
  if (decimals > 0) return fmt::format("%.{}f", std::min(decimals, kMostDigits - 1));
  return fmt::format("%.{}e", std::clamp(exponent_of(largest) + decimals, 0, kMostDigits - 1));
}

}  // namespace normscope
