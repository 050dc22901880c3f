#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace normscope {

/// The value at `point`; fills `gradient`, which has the same size.
using Objective = std::function<double(std::span<const double> point, std::span<double> gradient)>;

struct Minimum {
  std::vector<double> point;
  double value = 0;
  std::uint32_t iterations = 0;
  /// Whether no component of the gradient is above the tolerance.
  bool converged = false;
};

/// Minimises a smooth convex function by limited-memory BFGS (Nocedal 1980; Nocedal and Wright
/// 2006, algorithm 7.5) with ten pairs and a backtracking line search.
Minimum minimise(const Objective& objective, std::vector<double> start, double tolerance,
                 std::uint32_t most_iterations);

}  // namespace normscope
