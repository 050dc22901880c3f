#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/error.h"
#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace normscope::tokenizer {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

PreTokenizer read(const json& pre_tokenizer) {
  const std::filesystem::path file = "tokenizer.json";
  return read_pre_tokenizer(JsonNode(file, pre_tokenizer, "pre_tokenizer"));
}

std::vector<std::string> pieces(const json& pre_tokenizer, std::string_view text) {
  const Pieces split = read(pre_tokenizer).split(text);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < split.size(); ++i) all.emplace_back(split[i]);
  return all;
}

std::string refusal(const json& pre_tokenizer) {
  try {
    read(pre_tokenizer);
  } catch (const Error& error) {
    return error.what();
  }
  return "was accepted";
}

json split_at(const json& pattern, const std::string& behavior, bool invert) {
  return {{"type", "Split"}, {"pattern", pattern}, {"behavior", behavior}, {"invert", invert}};
}

// The pieces expected here are those of the reference package.

TEST(PreTokenizersTest, NoneLeavesOnePiece) {
  EXPECT_THAT(pieces(nullptr, " a b "), ElementsAre(" a b "));
  EXPECT_THAT(pieces(nullptr, ""), IsEmpty());
}

TEST(PreTokenizersTest, BertPreTokenizer) {
  const json bert = {{"type", "BertPreTokenizer"}};
  EXPECT_THAT(pieces(bert, " don't  stop\u2014"), ElementsAre("don", "'", "t", "stop", "\u2014"));
  EXPECT_THAT(pieces(bert, " \t"), IsEmpty());
}

TEST(PreTokenizersTest, WhitespaceTellsWordsFromOthers) {
  EXPECT_THAT(pieces({{"type", "Whitespace"}}, " don't\u2003stop\u2014ok_1 \u200d!e\u0301 "),
              ElementsAre("don", "'", "t", "stop", "\u2014", "ok_1", "\u200d", "!", "e\u0301"));
}

TEST(PreTokenizersTest, MetaspaceShowsSpaces) {
  json metaspace = {{"type", "Metaspace"}, {"replacement", "\u2581"}};
  const std::string one = "\u2581";
  EXPECT_THAT(pieces(metaspace, "  Hey  you "),
              ElementsAre(one, one + "Hey", one, one + "you", one));
  EXPECT_THAT(pieces(metaspace, "a\tb"), ElementsAre(one + "a\tb"));
  metaspace["split"] = false;
  EXPECT_THAT(pieces(metaspace, "a b"), ElementsAre(one + "a" + one + "b"));
  metaspace["prepend_scheme"] = "never";
  EXPECT_THAT(pieces(metaspace, "a b"), ElementsAre("a" + one + "b"));
  metaspace["add_prefix_space"] = false;
  EXPECT_THAT(pieces(metaspace, "a"), ElementsAre("a"));
  metaspace["prepend_scheme"] = "first";
  EXPECT_THAT(refusal(metaspace), HasSubstr("prepend_scheme is not never"));
  metaspace["prepend_scheme"] = "some";
  EXPECT_THAT(refusal(metaspace), HasSubstr("prepend_scheme some"));
  EXPECT_THAT(refusal({{"type", "Metaspace"}, {"replacement", "ab"}}), HasSubstr("one character"));
  EXPECT_THAT(refusal({{"type", "Metaspace"}, {"replacement", ""}}), HasSubstr("one character"));
}

TEST(PreTokenizersTest, ByteLevelSplitsAsGpt2) {
  json bytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}};
  EXPECT_THAT(pieces(bytes, "I'll  go\n\n to'S  12é³! \t"),
              ElementsAre("I", "'ll", "Ġ", "Ġgo", "ĊĊ", "Ġto", "'", "S", "Ġ", "Ġ12", "Ã©", "Â³",
                          "!", "Ġĉ"));
  bytes["use_regex"] = false;
  EXPECT_THAT(pieces(bytes, "a b"), ElementsAre("aĠb"));
  bytes["add_prefix_space"] = true;
  EXPECT_THAT(pieces(bytes, "a b"), ElementsAre("ĠaĠb"));
  EXPECT_THAT(pieces(bytes, " a"), ElementsAre("Ġa"));
  EXPECT_THAT(pieces(bytes, "\ta"), ElementsAre("Ġĉa"));
}

TEST(PreTokenizersTest, WhitespaceSplit) {
  EXPECT_THAT(pieces({{"type", "WhitespaceSplit"}}, " don't\u2003stop\u0085 x\u200b y "),
              ElementsAre("don't", "stop", "x\u200b", "y"));
}

TEST(PreTokenizersTest, PunctuationInAllBehaviors) {
  const auto with = [](const json& behavior) {
    return pieces({{"type", "Punctuation"}, {"behavior", behavior}}, "?!a-b--c.");
  };
  EXPECT_THAT(with("Removed"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(with("Isolated"), ElementsAre("?", "!", "a", "-", "b", "-", "-", "c", "."));
  EXPECT_EQ(with(nullptr), with("Isolated"));
  EXPECT_THAT(with("MergedWithPrevious"), ElementsAre("?", "!", "a-", "b-", "-", "c."));
  EXPECT_THAT(with("MergedWithNext"), ElementsAre("?", "!a", "-b", "-", "-c", "."));
  EXPECT_THAT(with("Contiguous"), ElementsAre("?!", "a", "-", "b", "--", "c", "."));
}

TEST(PreTokenizersTest, SplitAtAString) {
  const auto with = [](const std::string& behavior, bool invert) {
    return pieces(split_at({{"String", "--"}}, behavior, invert), "--a--b----c-");
  };
  EXPECT_THAT(with("Removed", false), ElementsAre("a", "b", "c-"));
  EXPECT_THAT(with("Isolated", false), ElementsAre("--", "a", "--", "b", "--", "--", "c-"));
  EXPECT_THAT(with("MergedWithPrevious", false), ElementsAre("--", "a--", "b--", "--", "c-"));
  EXPECT_THAT(with("MergedWithNext", false), ElementsAre("--a", "--b", "--", "--c-"));
  EXPECT_THAT(with("Contiguous", false), ElementsAre("--", "a", "--", "b", "----", "c-"));
  EXPECT_THAT(with("Removed", true), ElementsAre("--", "--", "--", "--"));
  EXPECT_EQ(with("Isolated", true), with("Isolated", false));
  EXPECT_THAT(with("MergedWithPrevious", true), ElementsAre("--a", "--b", "--", "--c-"));
  EXPECT_THAT(with("MergedWithNext", true), ElementsAre("--", "a--", "b--", "--", "c-"));
  EXPECT_EQ(with("Contiguous", true), with("Contiguous", false));
}

TEST(PreTokenizersTest, Digits) {
  const auto with = [](bool individual) {
    return pieces({{"type", "Digits"}, {"individual_digits", individual}}, "a12b\u00bd\u0663 4");
  };
  EXPECT_THAT(with(false), ElementsAre("a", "12", "b", "\u00bd\u0663", " ", "4"));
  EXPECT_THAT(with(true), ElementsAre("a", "1", "2", "b", "\u00bd", "\u0663", " ", "4"));
}

TEST(PreTokenizersTest, ASequenceSplitsThePieces) {
  const json sequence = {{"type", "Sequence"},
                         {"pretokenizers",
                          {{{"type", "WhitespaceSplit"}},
                           {{"type", "Punctuation"}, {"behavior", "MergedWithPrevious"}},
                           {{"type", "Digits"}, {"individual_digits", true}}}}};
  EXPECT_THAT(pieces(sequence, "ab, c12- d"), ElementsAre("ab,", "c", "1", "2", "-", "d"));
}

TEST(PreTokenizersTest, RefusesWhatItCannotDo) {
  EXPECT_THAT(refusal({{"type", "UnicodeScripts"}}), HasSubstr("the pre-tokenizer UnicodeScripts"));
  EXPECT_THAT(refusal(split_at({{"Regex", "\\s+"}}, "Removed", false)),
              HasSubstr("regular expressions"));
  EXPECT_THAT(refusal(split_at({{"String", ""}}, "Removed", false)), HasSubstr("empty"));
  EXPECT_THAT(refusal(split_at({{"String", "a"}}, "Dropped", false)),
              HasSubstr("the behavior Dropped"));
  EXPECT_THAT(refusal({{"type", "Punctuation"}, {"behavior", 3}}), HasSubstr("not a string"));
  EXPECT_THAT(refusal({{"type", "Digits"}}), HasSubstr("individual_digits"));
  EXPECT_THAT(refusal({{"type", "ByteLevel"}}), HasSubstr("add_prefix_space"));
  EXPECT_THAT(refusal({{"type", "Sequence"}}), HasSubstr("pretokenizers"));
}

}  // namespace
}  // namespace normscope::tokenizer
