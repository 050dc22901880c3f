#include "analysis/claims.h"

#include <gtest/gtest.h>

#include <vector>

namespace normscope {
namespace {

/// `short_above` of 100 sentences above the band are short, and `short_inside` of 900 inside it.
std::vector<ShortnessClaim> claims(int short_above, int short_inside) {
  std::vector<double> lengths;
  std::vector<double> norms;
  for (int i = 0; i < 1000; ++i) {
    const bool above = i < 100;
    norms.push_back(above ? 9 : 5);
    lengths.push_back((above ? i < short_above : i - 100 < short_inside) ? 19 : 20);
  }
  const ShortnessClaims found =
      test_claims(lengths, norms, {.share = 0.9, .low = 4, .high = 5}, 20);
  EXPECT_EQ(found.short_below, 20);
  EXPECT_EQ(found.base_rate.hits, static_cast<std::uint64_t>(short_above + short_inside));
  EXPECT_EQ(found.base_rate.count, 1000U);
  return found.sides;
}

TEST(Claims, AShareThatIsBothLikelyAndRaised) {
  const auto found = claims(80, 300);
  EXPECT_EQ(found[0].side, "above");
  EXPECT_EQ(found[0].short_given_side->hits, 80U);
  EXPECT_EQ(found[0].short_given_side->count, 100U);
  EXPECT_DOUBLE_EQ(found[0].lift.value(), 0.8 / 0.38);
  EXPECT_EQ(found[0].most_likely_short, Answer::yes);
  EXPECT_EQ(found[0].more_than_base_rate, Answer::yes);
  EXPECT_EQ(found[2].side, "outside");
  EXPECT_EQ(found[2].short_given_side->hits, 80U);
}

TEST(Claims, ShortIsLikelyAnyway) {
  const auto found = claims(80, 720);
  EXPECT_EQ(found[0].most_likely_short, Answer::yes);
  EXPECT_EQ(found[0].more_than_base_rate, Answer::undecided);
}

TEST(Claims, RaisedAndYetUnlikely) {
  const auto found = claims(30, 90);
  EXPECT_EQ(found[0].most_likely_short, Answer::no);
  EXPECT_EQ(found[0].more_than_base_rate, Answer::yes);
}

TEST(Claims, RarerThanElsewhere) { EXPECT_EQ(claims(5, 450)[0].more_than_base_rate, Answer::no); }

TEST(Claims, TooCloseToOneHalf) {
  EXPECT_EQ(claims(55, 300)[0].most_likely_short, Answer::undecided);
}

TEST(Claims, NobodyOnThatSide) {
  const auto found = claims(80, 300);
  EXPECT_EQ(found[1].side, "below");
  EXPECT_FALSE(found[1].short_given_side);
  EXPECT_FALSE(found[1].lift);
  EXPECT_EQ(found[1].most_likely_short, Answer::undecided);
}

TEST(Claims, NothingIsShortAnywhere) {
  const auto found = claims(0, 0);
  EXPECT_FALSE(found[0].lift);
  EXPECT_EQ(found[0].short_given_side->count, 100U);
  for (const ShortnessClaim& side : found) {
    EXPECT_EQ(side.most_likely_short, Answer::vacuous);
    EXPECT_EQ(side.more_than_base_rate, Answer::vacuous);
  }
}

TEST(Claims, AllAreShortEverywhere) {
  const auto found = claims(100, 900);
  EXPECT_EQ(found[0].lift.value(), 1);
  for (const ShortnessClaim& side : found) {
    EXPECT_EQ(side.most_likely_short, Answer::vacuous);
    EXPECT_EQ(side.more_than_base_rate, Answer::vacuous);
  }
  EXPECT_EQ(claims(100, 899)[0].most_likely_short, Answer::yes);
}

}  // namespace
}  // namespace normscope
