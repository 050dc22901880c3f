#include "text/words.h"

#include <gtest/gtest.h>

namespace normscope {
namespace {

TEST(CountWords, CountsRunsWithoutWhiteSpace) {
  EXPECT_EQ(count_words(""), 0U);
  EXPECT_EQ(count_words(" \t\n"), 0U);
  EXPECT_EQ(count_words("one"), 1U);
  EXPECT_EQ(count_words("  it's -- \"four words\" \n"), 4U);
  EXPECT_EQ(count_words("no\xC2\xA0"
                        "break\xE3\x80\x80ideographic"),
            3U);
  EXPECT_EQ(count_words("\xE4\xBD\xA0\xE5\xA5\xBD"), 1U);
}

TEST(CountWords, StopsWhereItIsEnough) {
  EXPECT_EQ(count_words("a b c d", 3), 3U);
  EXPECT_EQ(count_words("a b", 3), 2U);
  EXPECT_EQ(count_words("a b", 0), 0U);
}

}  // namespace
}  // namespace normscope
