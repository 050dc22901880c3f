#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "analysis/labelled.h"

namespace normscope {

/// Multinomial logistic regression: class k has the score intercepts[k] + row · coefficients[k].
struct Logistic {
  std::size_t columns = 0;
  /// One row of `columns` numbers per class, then one intercept per class.
  std::vector<double> parameters;
  bool converged = false;
};

/// Minimises mean log loss + penalty/2 · Σ coefficient², intercepts free: scikit-learn's
/// LogisticRegression(C=1/(n · penalty)). Ends when no component of the gradient is above
/// `tolerance`. `start` may be empty, or the parameters to begin from.
Logistic fit_logistic(const Labelled& train, std::uint32_t classes, double penalty,
                      double tolerance, std::span<const double> start = {},
                      const std::stop_token& stop = {});

/// The class with the highest score, row by row.
std::vector<std::uint32_t> classify(const Logistic& model, std::span<const float> rows);

}  // namespace normscope
