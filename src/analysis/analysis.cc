#include "normscope/analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "analysis/band.h"
#include "analysis/capitalised.h"
#include "analysis/claims.h"
#include "analysis/correlation_ratio.h"
#include "analysis/distribution.h"
#include "analysis/moments.h"
#include "analysis/proportion.h"
#include "analysis/regression.h"
#include "analysis/spread.h"
#include "analysis/verdict.h"

namespace normscope {
namespace {

constexpr std::uint64_t kLeastPerBin = 10;

void check(std::span<const double> lengths, std::span<const double> norms,
           const AnalysisOptions& options) {
  const auto finite = [](double value) { return std::isfinite(value); };
  if (lengths.size() != norms.size()) throw std::invalid_argument("as many lengths as norms");
  if (!std::ranges::all_of(lengths, finite) || !std::ranges::all_of(norms, finite)) {
    throw std::invalid_argument("lengths and norms must be finite");
  }
  if (!(options.band_share > 0 && options.band_share <= 1)) {
    throw std::invalid_argument("band_share must lie in (0, 1]");
  }
  if (!std::isfinite(options.short_below))
    throw std::invalid_argument("short_below must be finite");
  if (!(options.precision >= 0 && std::isfinite(options.magnitude.value_or(0)))) {
    throw std::invalid_argument("precision must not be negative, and magnitude must be finite");
  }
  if (options.norm_bins < 2) throw std::invalid_argument("norm_bins must be at least 2");
  if (!(options.r_squared_confidence > 0 && options.r_squared_confidence < 1)) {
    throw std::invalid_argument("r_squared_confidence must lie in (0, 1)");
  }
}

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::ranges::sort(copy);
  return copy;
}

void relate(std::span<const double> lengths, std::span<const double> norms, Analysis& analysis) {
  const std::uint64_t n = analysis.sentences;
  const std::string& statistic = analysis.options.statistic_words;
  const std::string& property = analysis.options.property_words;
  if (n == 1) {
    analysis.limits.emplace_back("One sentence does not make a regression.");
    return;
  }
  if (all_equal(lengths)) {
    analysis.limits.push_back(capitalised(
        fmt::format("{} is the same for all sentences, so nothing can depend on it.", property)));
    return;
  }
  if (all_equal(norms)) {
    analysis.limits.push_back(capitalised(fmt::format(
        "{} is the same for all sentences, so it tells nothing about {}.", statistic, property)));
    return;
  }
  if (analysis.spread->rounding) {
    analysis.limits.push_back(capitalised(fmt::format(
        "{} differs between the sentences by no more than the rounding of floating-point numbers, "
        "so everything that follows from it is noise.",
        statistic)));
  }
  analysis.regression = fit_line(lengths, norms, analysis.options.r_squared_confidence);
  if (!analysis.regression->slope.interval || !analysis.regression->r_squared.interval) {
    analysis.limits.emplace_back(
        "There are too few sentences for intervals of all of the line's numbers.");
  }
  analysis.norm_given_length = correlation_ratio(norms, group_by_value(lengths));
  if (!analysis.norm_given_length->epsilon_squared) {
    analysis.limits.push_back(
        fmt::format("{} differs from sentence to sentence, so it is unknown how much a function of "
                    "it could explain.",
                    capitalised(property)));
  }
  if (const std::uint64_t bins = std::min(analysis.options.norm_bins, n / kLeastPerBin);
      bins >= 2) {
    analysis.length_given_norm = correlation_ratio(lengths, group_into_bins(norms, bins));
  } else {
    analysis.limits.push_back(fmt::format(
        "Fewer than 20 sentences are not enough to tell what a function of {} could say "
        "about {}.",
        statistic, property));
  }
}

}  // namespace

Analysis analyse(std::span<const double> lengths, std::span<const double> norms,
                 const AnalysisOptions& options) {
  check(lengths, norms, options);
  Analysis analysis;
  analysis.options = options;
  analysis.sentences = norms.size();
  if (norms.empty()) {
    analysis.limits.emplace_back("No sentence was kept, so there is nothing to analyse.");
  } else {
    const std::vector<double> sorted_norms = sorted(norms);
    const auto is_short = [&](double length) { return length < options.short_below; };
    const auto count_short = static_cast<std::uint64_t>(std::ranges::count_if(lengths, is_short));
    analysis.norms = describe(sorted_norms);
    analysis.spread = spread_of(sorted_norms, options.magnitude, options.precision);
    analysis.lengths = describe(sorted(lengths));
    analysis.band = shortest_band(sorted_norms, options.band_share);
    analysis.short_base_rate = proportion(count_short, analysis.sentences);
    analysis.claims =
        test_claims(lengths, norms, *analysis.band, options.short_below, *analysis.short_base_rate);
    relate(lengths, norms, analysis);
  }
  reach_verdict(analysis);
  return analysis;
}

std::string_view name(Answer answer) {
  switch (answer) {
    case Answer::yes:
      return "yes";
    case Answer::no:
      return "no";
    case Answer::vacuous:
      return "vacuous";
    case Answer::undecided:
      break;
  }
  return "undecided";
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::reliable:
      return "reliable";
    case Verdict::not_linear:
      return "not_linear";
    case Verdict::unreliable:
      return "unreliable";
    case Verdict::undecided:
      break;
  }
  return "undecided";
}

}  // namespace normscope
