#include "analysis/lbfgs.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <deque>
#include <utility>

namespace normscope {
namespace {

using Eigen::VectorXd;

constexpr std::size_t kPairs = 10;

/// A step and the change of the gradient that it caused.
struct Pair {
  VectorXd step;
  VectorXd change;
  double curvature = 0;
};

/// Minus the inverse Hessian, as the pairs know it, times the gradient.
VectorXd descent(const std::deque<Pair>& pairs, const VectorXd& gradient) {
  VectorXd direction = -gradient;
  std::vector<double> weights(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    weights[i] = pairs[i].step.dot(direction) / pairs[i].curvature;
    direction -= weights[i] * pairs[i].change;
  }
  if (!pairs.empty()) {
    direction *= pairs.back().curvature / pairs.back().change.squaredNorm();
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    direction += (weights[i] - pairs[i].change.dot(direction) / pairs[i].curvature) * pairs[i].step;
  }
  return direction;
}

}  // namespace

Minimum minimise(const Objective& objective, std::vector<double> start, double tolerance,
                 std::uint32_t most_iterations) {
  constexpr double kSufficient = 1e-4;
  constexpr double kRounding = 1e-14;
  constexpr int kHalvings = 40;
  const auto size = static_cast<Eigen::Index>(start.size());
  VectorXd point = Eigen::Map<const VectorXd>(start.data(), size);
  VectorXd gradient(size);
  const auto evaluate = [&](const VectorXd& at, VectorXd& slope) {
    return objective({at.data(), start.size()}, {slope.data(), start.size()});
  };
  double value = evaluate(point, gradient);
  std::deque<Pair> pairs;
  Minimum result;
  VectorXd next_gradient(size);
  while (true) {
    result.converged = gradient.cwiseAbs().maxCoeff() <= tolerance;
    if (result.converged || result.iterations == most_iterations) break;
    ++result.iterations;
    const VectorXd direction = descent(pairs, gradient);
    const double slope = direction.dot(gradient);
    double length = pairs.empty() ? std::min(1.0, 1 / gradient.norm()) : 1;
    VectorXd next;
    double next_value = 0;
    int halvings = 0;
    for (; halvings < kHalvings; ++halvings, length /= 2) {
      next = point + length * direction;
      next_value = evaluate(next, next_gradient);
      if (next_value <= value + kSufficient * length * slope) break;
      // If the decrease is less than the value's rounding, the gradient's size decides.
      if (next_value <= value + kRounding * std::abs(value) &&
          next_gradient.norm() < gradient.norm()) {
        break;
      }
    }
    if (halvings == kHalvings) {
      // Old pairs may mislead, so try again without them; after that there is nothing left to try.
      if (pairs.empty()) break;
      pairs.clear();
      continue;
    }
    Pair pair{.step = next - point, .change = next_gradient - gradient};
    pair.curvature = pair.step.dot(pair.change);
    if (pair.curvature > 1e-300) {
      pairs.push_back(std::move(pair));
      if (pairs.size() > kPairs) pairs.pop_front();
    }
    point = next;
    gradient = next_gradient;
    value = next_value;
  }
  result.point.assign(point.begin(), point.end());
  result.value = value;
  return result;
}

}  // namespace normscope
