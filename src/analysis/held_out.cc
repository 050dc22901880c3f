#include "analysis/held_out.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "analysis/correlation_ratio.h"
#include "analysis/distribution.h"
#include "analysis/moments.h"
#include "analysis/stopped.h"

namespace normscope {
namespace {

double z_quantile() {
  return boost::math::quantile(boost::math::normal_distribution<double>(), 0.975);
}

struct Guess {
  double mean = 0;
  double median = 0;
};

Guess guess_from(std::vector<double>& values) {
  std::ranges::sort(values);
  return {.mean = static_cast<double>(mean_of(values)), .median = quantile(values, 0.5)};
}

/// About 2 n^(1/3) equal-count bins, the order at which bias and variance of the step function
/// vanish at the same rate, with the property's mean and median in each.
class StepFunction {
 public:
  StepFunction(std::span<const double> property, std::span<const double> statistic) {
    const auto n = static_cast<double>(property.size());
    const auto bins = static_cast<std::uint64_t>(std::max(1.0, std::round(2 * std::cbrt(n))));
    const std::vector<std::uint32_t> bin =
        group_into_bins(statistic, std::min<std::uint64_t>(bins, property.size()));
    const std::size_t count = std::size_t{*std::ranges::max_element(bin)} + 1;
    std::vector<std::vector<double>> members(count);
    starts_.resize(count, HUGE_VAL);
    std::vector<double> ends(count, -HUGE_VAL);

    for (std::size_t i = 0; i < bin.size(); ++i) {
      members[bin[i]].push_back(property[i]);
      starts_[bin[i]] = std::min(starts_[bin[i]], statistic[i]);
      ends[bin[i]] = std::max(ends[bin[i]], statistic[i]);
    }
    for (std::size_t i = count - 1; i > 0; --i) starts_[i] = std::midpoint(ends[i - 1], starts_[i]);
    for (std::vector<double>& values : members) guesses_.push_back(guess_from(values));
  }

  [[nodiscard]] const Guess& operator()(double statistic) const {
    const auto above = std::upper_bound(starts_.begin() + 1, starts_.end(), statistic);
    return guesses_[static_cast<std::size_t>(above - starts_.begin()) - 1];
  }

 private:
  std::vector<double> starts_;
  std::vector<Guess> guesses_;
};

/// Mean and its normal interval.
Estimate mean_estimate(std::span<const double> values) {
  const Real mean = mean_of(values);
  const Real n = static_cast<Real>(values.size());
  Real squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const Real error = std::sqrt(squares / (n - 1) / n);
  const Real reach = z_quantile() * error;
  return {.value = static_cast<double>(mean),
          .standard_error = static_cast<double>(error),
          .interval = Interval{.low = static_cast<double>(mean - reach),
                               .high = static_cast<double>(mean + reach)}};
}

}  // namespace

std::optional<Estimate> held_out_r_squared(std::span<const double> errors,
                                           std::span<const double> constant_errors) {
  const Real n = static_cast<Real>(errors.size());
  const auto square = [](double value) { return static_cast<Real>(value) * value; };
  Real guessed = 0;
  Real constant = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    guessed += square(errors[i]) / n;
    constant += square(constant_errors[i]) / n;
  }
  if (!(constant > 0)) return std::nullopt;
  const Real rest = guessed / constant;
  Real variance = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const Real influence = (square(errors[i]) - rest * square(constant_errors[i])) / constant;
    variance += influence * influence / (n * n);
  }
  const Real error = std::sqrt(variance);
  const Real reach = z_quantile() * error;
  return Estimate{
      .value = static_cast<double>(1 - rest),
      .standard_error = static_cast<double>(error),
      .interval = Interval{.low = static_cast<double>(1 - rest - reach),
                           .high = static_cast<double>(std::min(1 - rest + reach, Real(1)))}};
}

std::optional<HeldOut> read_off(std::span<const double> property, std::span<const double> statistic,
                                std::span<const std::uint32_t> fold, std::uint32_t folds,
                                const std::stop_token& stop) {
  if (property.empty() || all_equal(property)) return std::nullopt;
  const std::size_t n = property.size();
  std::vector<double> errors(n);
  std::vector<double> constant_errors(n);
  std::vector<double> absolute(n);
  std::vector<double> constant_absolute(n);
  std::vector<double> saved(n);
  for (std::uint32_t part = 0; part < folds; ++part) {
    check_stop(stop);
    std::vector<double> known_property;
    std::vector<double> known_statistic;
    for (std::size_t i = 0; i < n; ++i) {
      if (fold[i] == part) continue;
      known_property.push_back(property[i]);
      known_statistic.push_back(statistic[i]);
    }
    if (known_property.size() < 2) return std::nullopt;
    const StepFunction step(known_property, known_statistic);
    check_stop(stop);
    const Guess constant = guess_from(known_property);
    for (std::size_t i = 0; i < n; ++i) {
      if (fold[i] != part) continue;
      const Guess& guess = step(statistic[i]);
      errors[i] = property[i] - guess.mean;
      constant_errors[i] = property[i] - constant.mean;
      absolute[i] = std::abs(property[i] - guess.median);
      constant_absolute[i] = std::abs(property[i] - constant.median);
      saved[i] = constant_absolute[i] - absolute[i];
    }
  }
  const std::optional<Estimate> r_squared = held_out_r_squared(errors, constant_errors);
  if (!r_squared) return std::nullopt;
  return HeldOut{.r_squared = *r_squared,
                 .absolute_error = mean_estimate(absolute),
                 .constant_error = static_cast<double>(mean_of(constant_absolute)),
                 .error_saved = mean_estimate(saved)};
}

}  // namespace normscope
