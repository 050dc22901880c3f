#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "normscope/probes.h"

namespace normscope {

/// Targets side by side, one row per sentence.
struct Targets {
  std::span<const double> values;
  std::size_t columns = 0;
};

/// The sums over some rows that a ridge regression is made of: they add up, so that the training
/// part of a fold is the whole minus the fold. Rows are relative to a common centre.
class Scatter {
 public:
  /// Of `rows` of the vectors and the targets; `centre` of as many numbers as columns of both.
  Scatter(const Vectors& vectors, const Targets& targets, std::span<const std::size_t> rows,
          std::span<const double> centre, const std::stop_token& stop = {});
  Scatter(Scatter&&) noexcept;
  Scatter& operator=(Scatter&&) noexcept;
  ~Scatter();

  /// The rows of `whole` that are not in `part`.
  friend Scatter without(const Scatter& whole, const Scatter& part);
  friend Scatter together(const Scatter& one, const Scatter& other);

  /// Finds, for each target, the penalty with the least generalised cross-validation score. No
  /// penalties: the default grid of RidgeOptions.
  [[nodiscard]] std::vector<RidgeFit> fit(std::span<const double> penalties,
                                          const std::stop_token& stop = {}) const;

 private:
  struct Sums;
  explicit Scatter(std::unique_ptr<Sums> sums);
  std::unique_ptr<Sums> sums_;
};

/// Means over all rows, of the vectors' columns and then of the targets'.
std::vector<double> centre_of(const Vectors& vectors, const Targets& targets);

/// fit.intercept + row · coefficients.
double predict(const RidgeFit& fit, std::span<const float> row);

void check_penalties(std::span<const double> penalties);

}  // namespace normscope
