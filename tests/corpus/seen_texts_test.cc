#include "corpus/seen_texts.h"

#include <gtest/gtest.h>

#include <string>

#include "normscope/error.h"

namespace normscope {
namespace {

TEST(SeenTexts, KnowsEachTextAgain) {
  SeenTexts seen;
  for (int i = 0; i < 300'000; ++i) ASSERT_TRUE(seen.insert(std::to_string(i))) << i;
  for (int i = 0; i < 300'000; ++i) ASSERT_FALSE(seen.insert(std::to_string(i))) << i;
  EXPECT_TRUE(seen.insert(""));
  EXPECT_FALSE(seen.insert(""));
}

TEST(SeenTexts, TakesNoMoreThanItMay) {
  SeenTexts seen(100);
  for (int i = 0; i < 100; ++i) seen.insert(std::to_string(i));
  EXPECT_FALSE(seen.insert("7"));
  EXPECT_THROW(seen.insert("100"), Error);
}

}  // namespace
}  // namespace normscope
