#include "normscope/properties.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace normscope {
namespace {

Measurement row(const std::string& text, std::uint32_t tokens = 0) {
  return {.index = 17, .text = text, .tokens = tokens, .truncated = false, .statistics = {}};
}

double of(Property property, const std::string& text, std::uint32_t tokens = 0) {
  const auto place = std::ranges::find(properties(), property) - properties().begin();
  return property_values(row(text, tokens), {}).at(static_cast<std::size_t>(place));
}

TEST(Properties, OfTheText) {
  EXPECT_EQ(of(Property::tokens, "x", 9), 9);
  EXPECT_EQ(of(Property::words, " The cat's  mat . "), 4);
  EXPECT_EQ(of(Property::characters, "caf\u00e9!"), 5);
  EXPECT_EQ(of(Property::tokens_per_word, "one two", 5), 2.5);
  EXPECT_EQ(of(Property::punctuation_share, "Oh, no!"), 2.0 / 6);
  EXPECT_EQ(of(Property::capital_share, "Oh No 12"), 0.5);
  EXPECT_EQ(of(Property::position, "x"), 17);
}

TEST(Properties, OfTextsWithoutWordsOrLetters) {
  for (const char* text : {"...", "\u3002", " ", "\U0001f600"}) {
    for (const Property property : properties()) {
      EXPECT_TRUE(std::isfinite(of(property, text))) << name(property) << " of " << text;
    }
  }
  EXPECT_EQ(of(Property::punctuation_share, "..."), 1);
  EXPECT_EQ(of(Property::capital_share, "12"), 0);
}

TEST(WordRanks, CountsWordsWhateverTheirCaseAndWhatSurroundsThem) {
  WordRanks ranks;
  ranks.add("The cat, the \"CAT\" and (the) dog -- it's");
  ranks.finish();
  // the: 3 times, cat: 2, and, dog and it's: 1.
  EXPECT_EQ(ranks.of("THE").mean, 0);
  EXPECT_EQ(ranks.of("cat!").mean, std::log(2.0));
  EXPECT_EQ(ranks.of("it's").rarest, std::log(3.0));
  const auto both = ranks.of("the dog --");
  EXPECT_EQ(both.mean, std::log(3.0) / 2);
  EXPECT_EQ(both.rarest, std::log(3.0));
  EXPECT_EQ(ranks.of("...").mean, 0);
}

TEST(Properties, HaveNames) {
  for (const Property property : properties()) EXPECT_EQ(property_named(name(property)), property);
  EXPECT_THROW((void)property_named("mood"), std::invalid_argument);
}

}  // namespace
}  // namespace normscope
