#include "tokenizer/bert_words.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/normalizers/normalizer.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/unicode.h"

namespace normscope::tokenizer {
namespace {

// Sanitizers make the program slow, so that it sees fewer strings there.
#ifdef NORMSCOPE_SANITIZED
constexpr char32_t kStep = 41;
constexpr int kHostile = 2000;
#else
constexpr char32_t kStep = 1;
constexpr int kHostile = 50000;
#endif

constexpr char32_t kScalars = 0x110000;

bool is_surrogate(char32_t c) { return c >= 0xd800 && c < 0xe000; }

// The fast words beside those of the parts that they replace, for one combination of options.
class BertWordsTest : public testing::TestWithParam<unsigned> {
 protected:
  static BertNormalizer options() {
    BertNormalizer normalizer;
    normalizer.clean_text = (GetParam() & 1U) != 0;
    normalizer.handle_chinese_chars = (GetParam() & 2U) != 0;
    normalizer.strip_accents = (GetParam() & 4U) != 0;
    normalizer.lowercase = (GetParam() & 8U) != 0;
    return normalizer;
  }

  // False where the words differ.
  bool agrees_on(std::string_view text) {
    const Pieces expected = pre_tokenizer_.split(normalizer_.normalize(text));
    std::size_t words = 0;
    bool same = true;
    fast_.for_each(text, [&](std::string_view word) {
      same = same && words < expected.size() && word == expected[words];
      ++words;
    });
    return same && words == expected.size();
  }

 private:
  Normalizer normalizer_{{options()}};
  PreTokenizer pre_tokenizer_{{BertPreTokenizer{}}};
  BertWords fast_{options()};
};

TEST_P(BertWordsTest, AgreeOnEveryScalarValue) {
  std::string text;
  for (char32_t c = 0; c < kScalars; c += kStep) {
    if (is_surrogate(c)) continue;
    std::string scalar;
    unicode::append(c, scalar);
    // Alone, inside a word, and beside what it may combine with or be reordered with; the spaces
    // are where the fast words cut and the normalizer does not.
    text = scalar;
    text += " Ab";
    text += scalar;
    text += "cD e";
    text += scalar;
    text += "\u0301 e\u0301";
    text += scalar;
    text += "\u0316x";
    text += scalar;
    text += " \u0301";
    ASSERT_TRUE(agrees_on(text)) << "U+" << std::hex << static_cast<unsigned>(c);
  }
}

TEST_P(BertWordsTest, AgreeOnHostileStrings) {
  const std::vector<std::string> parts = {"",
                                          " ",
                                          "  ",
                                          "\t",
                                          "\n",
                                          "\r\n",
                                          "\x0b",
                                          "\x1c",
                                          "\x7f",
                                          ".",
                                          "##",
                                          "a",
                                          "A",
                                          "don't",
                                          "$5.00",
                                          "\u00a0",
                                          "\u0085",
                                          "\u2003",
                                          "\u3000",
                                          "\u2028",
                                          "É",
                                          "e\u0301",
                                          "\u0301",
                                          "\u0316",
                                          "\u0327",
                                          "İ",
                                          "ß",
                                          "ﬁ",
                                          "ΌΣΟΣ",
                                          "각",
                                          "가",
                                          "\u11a8",
                                          "中文",
                                          "漢",
                                          "\u200b",
                                          "\u200d",
                                          "\u00ad",
                                          "\ufeff",
                                          "\ufffd",
                                          "…",
                                          "—",
                                          "«",
                                          "👩‍👩‍👧",
                                          "🇩🇪",
                                          "हिन्दी",
                                          "עברית",
                                          "ไทย",
                                          "\U0001d400",
                                          "\U000e0001",
                                          std::string(1, '\0'),
                                          std::string(200, 'x'),
                                          std::string(99, 'x') + "é"};
  std::mt19937 random(GetParam());
  const auto below = [&](std::size_t count) { return random() % count; };
  for (int i = 0; i < kHostile; ++i) {
    std::string text;
    for (std::size_t n = 1 + below(12); n > 0; --n) {
      if (below(3) > 0) {
        text += parts[below(parts.size())];
        continue;
      }
      const auto c = static_cast<char32_t>(below(2) > 0 ? below(0x3100) : below(kScalars));
      if (!is_surrogate(c)) unicode::append(c, text);
    }
    ASSERT_TRUE(agrees_on(text)) << testing::PrintToString(text);
  }
}

INSTANTIATE_TEST_SUITE_P(Options, BertWordsTest, testing::Range(0U, 16U));

}  // namespace
}  // namespace normscope::tokenizer
