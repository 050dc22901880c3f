#include "experiment/kept_sentences.h"

#include <gtest/gtest.h>

namespace normscope {
namespace {

Measurement row(std::uint32_t tokens, bool truncated) {
  return {.index = 0, .text = {}, .tokens = tokens, .truncated = truncated, .statistics = {}};
}

KeptSentences counted(TruncatedSentences choice, int whole, int truncated) {
  KeptSentences kept(80, choice);
  for (int i = 0; i < whole; ++i) kept.count(row(10, false));
  for (int i = 0; i < truncated; ++i) kept.count(row(79, true));
  // Too long anyway: it does not matter whether they are truncated.
  for (int i = 0; i < 500; ++i) kept.count(row(80, true));
  return kept;
}

TEST(KeptSentences, GoByTheLengthOfTheWholeSentence) {
  const KeptSentences kept = counted(TruncatedSentences::keep, 1, 1);
  EXPECT_TRUE(kept.keeps(row(79, false)));
  EXPECT_TRUE(kept.keeps(row(79, true)));
  EXPECT_FALSE(kept.keeps(row(80, false)));
  EXPECT_FALSE(kept.keeps(row(80, true)));
}

TEST(KeptSentences, TruncatedOnesAreDroppedWhereTheyAreMany) {
  EXPECT_FALSE(counted(TruncatedSentences::automatic, 99, 1).drops_truncated());
  EXPECT_TRUE(counted(TruncatedSentences::automatic, 98, 1).drops_truncated());
  EXPECT_FALSE(counted(TruncatedSentences::automatic, 98, 1).keeps(row(79, true)));
  EXPECT_TRUE(counted(TruncatedSentences::automatic, 98, 1).keeps(row(79, false)));
  EXPECT_FALSE(counted(TruncatedSentences::automatic, 0, 0).drops_truncated());
}

TEST(KeptSentences, AsToldWhateverTheirNumber) {
  EXPECT_TRUE(counted(TruncatedSentences::drop, 1000, 1).drops_truncated());
  EXPECT_FALSE(counted(TruncatedSentences::keep, 1, 1000).drops_truncated());
}

TEST(TruncatedSentences, HaveNames) {
  EXPECT_EQ(name(TruncatedSentences::automatic), "auto");
  EXPECT_EQ(name(TruncatedSentences::drop), "drop");
  EXPECT_EQ(name(TruncatedSentences::keep), "keep");
}

}  // namespace
}  // namespace normscope
