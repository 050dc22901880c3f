#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "analysis/held_out.h"
#include "analysis/moments.h"
#include "analysis/ridge.h"
#include "analysis/stopped.h"
#include "analysis/vectors.h"
#include "base/random.h"

namespace normscope {
namespace {

/// Streams of one seed; those from kPermutations on are the permutations'.
enum Stream : std::uint64_t { kFolds = 1, kPermutations };

/// The property with its permutations next to it.
std::vector<double> with_permutations(std::span<const double> property, std::uint32_t permutations,
                                      std::uint64_t seed, const std::stop_token& stop) {
  const std::size_t columns = std::size_t{permutations} + 1;
  std::vector<double> targets(property.size() * columns);
  for (std::size_t j = 0; j < columns; ++j) {
    check_stop(stop);
    Random random(seed, kPermutations + j);
    const std::vector<std::size_t> order = permutation(property.size(), random);
    for (std::size_t i = 0; i < property.size(); ++i) {
      targets[i * columns + j] = property[j == 0 ? i : order[i]];
    }
  }
  return targets;
}

ControlTask compare(double r_squared, std::span<const double> controls) {
  const auto mean = static_cast<double>(mean_of(controls));
  const auto as_good = std::ranges::count_if(controls, [&](double c) { return c >= r_squared; });
  return {.permutations = static_cast<std::uint32_t>(controls.size()),
          .r_squared = mean,
          .selectivity = r_squared - mean,
          .p_value = static_cast<double>(1 + as_good) / static_cast<double>(1 + controls.size())};
}

}  // namespace

std::optional<RidgeProbe> probe_by_ridge(const Vectors& vectors, std::span<const double> property,
                                         const RidgeOptions& options, const std::stop_token& stop) {
  check_vectors(vectors, property);
  check_penalties(options.penalties);
  if (options.folds < 2 || options.folds > 100) {
    throw std::invalid_argument("folds must be 2 to 100");
  }
  if (options.permutations > 1000) throw std::invalid_argument("permutations must be at most 1000");
  const std::size_t n = property.size();
  if (n < std::max<std::size_t>(options.folds, 4) || vectors.columns == 0 || all_equal(property)) {
    return std::nullopt;
  }
  const std::vector<double> values =
      with_permutations(property, options.permutations, options.seed, stop);
  const Targets targets{.values = values, .columns = std::size_t{options.permutations} + 1};
  std::vector<std::vector<std::size_t>> rows(options.folds);
  const std::vector<std::uint32_t> fold =
      random_parts(n, options.folds, Random(options.seed, kFolds).next());
  for (std::size_t i = 0; i < n; ++i) rows[fold[i]].push_back(i);

  const std::vector<double> centre = centre_of(vectors, targets);
  std::vector<Scatter> parts;
  for (const std::vector<std::size_t>& members : rows) {
    parts.emplace_back(vectors, targets, members, centre, stop);
  }
  Scatter whole = together(parts[0], parts[1]);
  for (std::size_t part = 2; part < parts.size(); ++part) whole = together(whole, parts[part]);

  RidgeProbe probe;
  probe.sentences = n;
  std::vector<std::vector<double>> errors(targets.columns, std::vector<double>(n));
  std::vector<std::vector<double>> constant_errors = errors;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const std::vector<RidgeFit> fits = without(whole, parts[part]).fit(options.penalties, stop);
    probe.penalties.push_back(fits[0].penalty);
    const auto known = static_cast<double>(n - rows[part].size());
    for (std::size_t target = 0; target < targets.columns; ++target) {
      check_stop(stop);
      // The training mean from deviations: the whole's are 0.
      double deviation = 0;
      const double mean = centre[vectors.columns + target];
      for (const std::size_t i : rows[part]) {
        deviation += values[i * targets.columns + target] - mean;
      }
      const double known_mean = mean - deviation / known;
      for (const std::size_t i : rows[part]) {
        const double truth = values[i * targets.columns + target];
        errors[target][i] = truth - predict(fits[target], row(vectors, i));
        constant_errors[target][i] = truth - known_mean;
      }
    }
  }
  const auto mean_magnitude = [&](std::span<const double> numbers) {
    Real sum = 0;
    for (const double number : numbers) sum += std::abs(number);
    return static_cast<double>(sum / static_cast<Real>(n));
  };
  probe.absolute_error = mean_magnitude(errors[0]);
  probe.constant_error = mean_magnitude(constant_errors[0]);
  std::vector<Estimate> r_squared;
  for (std::size_t target = 0; target < targets.columns; ++target) {
    const std::optional<Estimate> estimate =
        held_out_r_squared(errors[target], constant_errors[target]);
    if (!estimate) return std::nullopt;
    r_squared.push_back(*estimate);
  }
  probe.r_squared = r_squared[0];
  if (options.permutations > 0) {
    std::vector<double> controls;
    for (std::size_t target = 1; target < r_squared.size(); ++target) {
      controls.push_back(r_squared[target].value);
    }
    probe.control = compare(probe.r_squared.value, controls);
  }
  return probe;
}

}  // namespace normscope
