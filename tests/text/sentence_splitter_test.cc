#include "text/sentence_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace normscope {
namespace {

using testing::ElementsAre;

std::vector<std::string> split(const std::string& paragraph) {
  static SentenceSplitter splitter;
  const auto& views = splitter.split(paragraph);
  return {views.begin(), views.end()};
}

TEST(SentenceSplitter, EndsSentencesAtTheirEnd) {
  EXPECT_THAT(split("It rained. She stayed! Why? Nobody knew."),
              ElementsAre("It rained.", "She stayed!", "Why?", "Nobody knew."));
  EXPECT_THAT(split(""), ElementsAre());
  EXPECT_THAT(split(" no end "), ElementsAre("no end"));
}

class OneSentence : public testing::TestWithParam<const char*> {};

TEST_P(OneSentence, StaysWhole) { EXPECT_THAT(split(GetParam()), ElementsAre(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Titles, OneSentence,
                         testing::Values("Mr. Darcy and Mrs. Bennet saw Dr. Grant at St. James's.",
                                         "Capt. Harville, Col. Brandon and Gen. Tilney dined.",
                                         "The Rev. Mr. Norris married Messrs. Long and Sons.",
                                         "It was \"Dr. Grant\" (Lieut. Price said so).",
                                         "\"--Dr. Shirley.\"",
                                         "Charles Smith, Esq. Tunbridge Wells."));
INSTANTIATE_TEST_SUITE_P(Quotations, OneSentence,
                         testing::Values("\"Is it so?\" cried his wife.",
                                         "\"Indeed!\" replied Mr. Hurst, 'and why?'",
                                         "\xE2\x80\x9CIs it so?\xE2\x80\x9D cried his wife.",
                                         "Oh! how could _you_ know?", "What! _you_ here?",
                                         "Ah! \xC3\xA9"
                                         "clair"));
INSTANTIATE_TEST_SUITE_P(Initials, OneSentence,
                         testing::Values("J. R. Smith wrote it.", "By G.D.H. Cole and E.F. Best.",
                                         "V. I. Lenin wrote.", "[I. Deutscher, p. 3]",
                                         "J. A. Hobson wrote."));
INSTANTIATE_TEST_SUITE_P(Abbreviations, OneSentence,
                         testing::Values("[The State, vol. 2, p. 47]",
                                         "See pp. 12-3 of it, i.e. Marx.",
                                         "In A.D. 1750, say, e.g. London.",
                                         "See paragraph 1.E.2 of it."));
INSTANTIATE_TEST_SUITE_P(Numbers, OneSentence,
                         testing::Values("1. The land.", "\"12. Of tea.\"", "CHAPTER 75. The Head.",
                                         "BOOK III. (_Duodecimo_)", "It cost 3.14 pounds."));
INSTANTIATE_TEST_SUITE_P(Dashes, OneSentence,
                         testing::Values("She went.--Marriage was all.", "Oh!--no, never.",
                                         "Freedom . . . is not a gift."));

TEST(SentenceSplitter, DoesNotTakeAnyFullStopForAnAbbreviation) {
  EXPECT_THAT(split("I said no. Then he left."), ElementsAre("I said no.", "Then he left."));
  EXPECT_THAT(split("She is taller than I. Mary is not."),
              ElementsAre("She is taller than I.", "Mary is not."));
  EXPECT_THAT(split("So did the CNT. Nobody else did."),
              ElementsAre("So did the CNT.", "Nobody else did."));
  EXPECT_THAT(split("He joined the C.N.T. The union grew."),
              ElementsAre("He joined the C.N.T.", "The union grew."));
  EXPECT_THAT(split("It was 1917. Lenin came."), ElementsAre("It was 1917.", "Lenin came."));
  EXPECT_THAT(split("Who? You. All of it."), ElementsAre("Who?", "You.", "All of it."));
}

TEST(SentenceSplitter, EndsAQuotationBeforeACapital) {
  EXPECT_THAT(split("\"Is it so?\" Mr. Bennet made no answer."),
              ElementsAre("\"Is it so?\"", "Mr. Bennet made no answer."));
  EXPECT_THAT(split("\"Yes.\" \"No.\""), ElementsAre("\"Yes.\"", "\"No.\""));
}

TEST(SentenceSplitter, LeavesInvalidBytesInTheirSentence) {
  EXPECT_THAT(split("One \xFF one. Two \xC3. Three."),
              ElementsAre("One \xFF one.", "Two \xC3.", "Three."));
}

// A megabyte in a tenth of a second; quadratic time would take minutes, and the test's time limit.
TEST(SentenceSplitter, TakesLinearTimeOnHostileText) {
  for (const std::string part : {"1.A", "A. ", "a. ", "\"1. ", "A.", "((", "_", "I. "}) {
    std::string text;
    while (text.size() < (1 << 20)) text += part;
    EXPECT_THAT(split(text), testing::SizeIs(testing::Ge(1))) << part;
  }
}

// Whatever the bytes: the sentences are trimmed, in order, and nothing but white space is lost.
TEST(SentenceSplitter, LosesNothing) {
  std::mt19937_64 generator(2);
  const std::vector<std::string> parts = {
      "a", "B",  ".", "?",    "!",   " ",        "\"",           "1",
      "I", "Mr", "_", "\xFF", "Dr.", "\xC3\xA9", "\xE2\x80\xA6", "("};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (std::size_t n = generator() % 30; n > 0; --n) text += parts[generator() % parts.size()];
    std::string rest = text;
    for (const std::string& sentence : split(text)) {
      ASSERT_FALSE(sentence.empty());
      ASSERT_FALSE(sentence.starts_with(' ') || sentence.ends_with(' ')) << text;
      const std::size_t at = rest.find(sentence);
      ASSERT_EQ(rest.find_first_not_of(' '), at) << text;
      rest.erase(0, at + sentence.size());
    }
    ASSERT_EQ(rest.find_first_not_of(' '), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace normscope
