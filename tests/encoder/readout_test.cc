#include "encoder/readout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace normscope {
namespace {

using testing::ElementsAre;

constexpr std::size_t kHidden = 2;

// Two sentences, of three tokens and of one; the rows are three floats apart.
const std::vector<TokenId> kIds{1, 2, 3, 4};
const std::vector<std::size_t> kOffsets{0, 3, 4};
const std::vector<float> kTokens{1, 10, -1, 4, -2, -1, 7, 1, -1, 5, 6, -1};

std::vector<float> read(Readout readout, const HiddenState& state) {
  const PackedBatch batch{.ids = kIds, .offsets = kOffsets};
  std::vector<float> out(rows_of(readout, batch) * kHidden);
  read_out(readout, batch, state, kHidden, out.data());
  return out;
}

TEST(ReadOut, OfAllTokens) {
  const HiddenState state{.data = kTokens.data(), .stride = 3, .first_only = false};
  EXPECT_THAT(read(Readout::cls, state), ElementsAre(1, 10, 5, 6));
  EXPECT_THAT(read(Readout::pooler, state), ElementsAre(1, 10, 5, 6));
  EXPECT_THAT(read(Readout::tokens, state), ElementsAre(1, 10, 4, -2, 7, 1, 5, 6));
  EXPECT_THAT(read(Readout::mean, state), ElementsAre(4, 3, 5, 6));
  EXPECT_THAT(read(Readout::max, state), ElementsAre(7, 10, 5, 6));
}

TEST(ReadOut, OfFirstTokensOnly) {
  const HiddenState state{.data = kTokens.data(), .stride = 3, .first_only = true};
  EXPECT_THAT(read(Readout::cls, state), ElementsAre(1, 10, 4, -2));
  EXPECT_THAT(read(Readout::pooler, state), ElementsAre(1, 10, 4, -2));
}

TEST(ReadOut, KnowsWhatNeedsTheFirstTokenAlone) {
  EXPECT_TRUE(reads_first_token(Readout::cls));
  EXPECT_TRUE(reads_first_token(Readout::pooler));
  for (const Readout readout : {Readout::tokens, Readout::mean, Readout::max}) {
    EXPECT_FALSE(reads_first_token(readout)) << name(readout);
  }
}

}  // namespace
}  // namespace normscope
