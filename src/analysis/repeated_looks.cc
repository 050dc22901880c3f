#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "normscope/analysis.h"

namespace normscope {
namespace {

constexpr double kTogether = 0.95;

// A rule of n points is symmetric: the non-negative abscissas and their weights.
struct Nodes {
  std::vector<double> x;
  std::vector<double> weight;
};

Nodes nodes_on(double reach) {
  using Rule = boost::math::quadrature::gauss<double, 60>;
  Nodes nodes;
  for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
    for (const double sign : {-1.0, 1.0}) {
      nodes.x.push_back(sign * reach * Rule::abscissa()[i]);
      nodes.weight.push_back(reach * Rule::weights()[i]);
    }
  }
  return nodes;
}

double normal_density(double z) {
  return std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
}

// The chance that the standardised error stays within ±reach at every look. The errors form a
// Markov chain with corr(Z_j, Z_k) = √(n_j / n_k), so one dimension at a time is integrated
// (Armitage, McPherson and Rowe 1969).
double chance_to_stay(double reach, std::span<const std::uint64_t> sizes) {
  const Nodes nodes = nodes_on(reach);
  const std::size_t points = nodes.x.size();
  std::vector<double> density(points);
  for (std::size_t i = 0; i < points; ++i) density[i] = normal_density(nodes.x[i]);
  std::vector<double> next(points);
  for (std::size_t look = 1; look < sizes.size(); ++look) {
    const double kept = static_cast<double>(sizes[look - 1]) / static_cast<double>(sizes[look]);
    const double correlation = std::sqrt(kept);
    const double deviation = std::sqrt(1 - kept);
    for (std::size_t i = 0; i < points; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < points; ++j) {
        sum += nodes.weight[j] * density[j] *
               normal_density((nodes.x[i] - correlation * nodes.x[j]) / deviation);
      }
      next[i] = sum / deviation;
    }
    std::swap(density, next);
  }
  double chance = 0;
  for (std::size_t i = 0; i < points; ++i) chance += nodes.weight[i] * density[i];
  return chance;
}

}  // namespace

std::vector<std::uint64_t> look_sizes(std::uint64_t first, std::uint64_t total) {
  if (first == 0) throw std::invalid_argument("the first look is at one sentence or more");
  std::vector<std::uint64_t> sizes;
  for (std::uint64_t size = first; size < total; size += std::max<std::uint64_t>(1, size / 4)) {
    sizes.push_back(size);
  }
  if (total > 0) sizes.push_back(total);
  // Looks close together make the density between them too sharp for the integral.
  if (sizes.size() > 1 && sizes.back() - sizes[sizes.size() - 2] < sizes.back() / 10) {
    sizes.erase(sizes.end() - 2);
  }
  return sizes;
}

double confidence_of_each_look(std::span<const std::uint64_t> sizes) {
  if (sizes.size() < 2) return kTogether;
  const auto excess = [&](double reach) { return chance_to_stay(reach, sizes) - kTogether; };
  std::uintmax_t steps = 60;
  const auto [low, high] = boost::math::tools::toms748_solve(
      excess, 1.9, 6.0, boost::math::tools::eps_tolerance<double>(40), steps);
  const boost::math::normal_distribution<double> normal;
  return 1 - 2 * boost::math::cdf(boost::math::complement(normal, (low + high) / 2));
}

}  // namespace normscope
