#include "analysis/claims.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "analysis/proportion.h"

namespace normscope {
namespace {

struct Tally {
  std::uint64_t count = 0;
  std::uint64_t hits = 0;
};

/// Whether `interval` lies above or below all of `reference`.
Answer is_above(const Interval& interval, const Interval& reference) {
  if (interval.low > reference.high) return Answer::yes;
  if (interval.high < reference.low) return Answer::no;
  return Answer::undecided;
}

ShortnessClaim claim(std::string side, const Tally& tally, const Proportion& base_rate) {
  ShortnessClaim claim;
  claim.side = std::move(side);
  const bool vacuous = base_rate.hits == 0 || base_rate.hits == base_rate.count;
  if (vacuous) {
    claim.most_likely_short = Answer::vacuous;
    claim.more_than_base_rate = Answer::vacuous;
  }
  if (tally.count == 0) return claim;
  claim.short_given_side = proportion(tally.hits, tally.count);
  const Proportion& found = *claim.short_given_side;
  if (base_rate.hits > 0) claim.lift = found.share / base_rate.share;
  if (vacuous) return claim;
  claim.most_likely_short = is_above(found.interval, {.low = 0.5, .high = 0.5});
  claim.more_than_base_rate = is_above(found.interval, base_rate.interval);
  return claim;
}

}  // namespace

ShortnessClaims test_claims(std::span<const double> lengths, std::span<const double> statistic,
                            const Band& band, double short_below) {
  Tally all;
  Tally above;
  Tally below;
  for (std::size_t i = 0; i < statistic.size(); ++i) {
    const std::uint64_t is_short = lengths[i] < short_below ? 1 : 0;
    ++all.count;
    all.hits += is_short;
    if (statistic[i] >= band.low && statistic[i] <= band.high) continue;
    Tally& side = statistic[i] > band.high ? above : below;
    ++side.count;
    side.hits += is_short;
  }
  const Tally outside{.count = above.count + below.count, .hits = above.hits + below.hits};
  const Proportion base_rate = proportion(all.hits, all.count);
  return {.short_below = short_below,
          .base_rate = base_rate,
          .sides = {claim("above", above, base_rate), claim("below", below, base_rate),
                    claim("outside", outside, base_rate)}};
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

}  // namespace normscope
