#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "normscope/error.h"
#include "tokenizer/json_node.h"
#include "tokenizer/normalizers/normalizer.h"

namespace normscope::tokenizer {
namespace {

using nlohmann::json;
using testing::HasSubstr;

Normalizer read(const json& normalizer) {
  const std::filesystem::path file = "tokenizer.json";
  return read_normalizer(JsonNode(file, normalizer, "normalizer"));
}

std::string normalized(const json& normalizer, std::string_view text) {
  return read(normalizer).normalize(text);
}

std::string refusal(const json& normalizer) {
  try {
    read(normalizer);
  } catch (const Error& error) {
    return error.what();
  }
  return "was accepted";
}

json sequence(const std::vector<json>& parts) {
  return {{"type", "Sequence"}, {"normalizers", parts}};
}
json replace(const std::string& pattern, const std::string& content) {
  return {{"type", "Replace"}, {"pattern", {{"String", pattern}}}, {"content", content}};
}

TEST(NormalizersTest, NoneLeavesTheTextAsItIs) {
  EXPECT_EQ(normalized(nullptr, " É\t"), " É\t");
  EXPECT_EQ(normalized(sequence({}), " É\t"), " É\t");
}

TEST(NormalizersTest, BertNormalizerCleansSeparatesStripsAndLowers) {
  json bert = {{"type", "BertNormalizer"}};
  EXPECT_EQ(normalized(bert, "\u00c9t\u00e9\u200b\t\u4e2dA"), "ete  \u4e2d a");
  bert["lowercase"] = false;
  EXPECT_EQ(normalized(bert, "\u00c9t\u00e9\u200b\t\u4e2dA"), "\u00c9t\u00e9  \u4e2d A");
  bert["clean_text"] = bert["handle_chinese_chars"] = false;
  EXPECT_EQ(normalized(bert, "\u00e9\u200b\t\u4e2d"), "\u00e9\u200b\t\u4e2d");
}

TEST(NormalizersTest, LowercaseGoesCharacterByCharacter) {
  const json lowercase = {{"type", "Lowercase"}};
  EXPECT_EQ(normalized(lowercase, "ABC ÀÉ ẞ"), "abc àé ß");
  EXPECT_EQ(normalized(lowercase, "ΌΣΟΣ"), "όσοσ");
  EXPECT_EQ(normalized(lowercase, "\u0130"), "i\u0307");
}

TEST(NormalizersTest, StripTakesWhiteSpaceOffTheEndsAskedFor) {
  const auto strip = [](bool left, bool right) {
    return json{{"type", "Strip"}, {"strip_left", left}, {"strip_right", right}};
  };
  const std::string text = "\u2003 \ta b\u3000\n\u200b\u00a0 ";
  EXPECT_EQ(normalized(strip(true, true), text), "a b\u3000\n\u200b");
  EXPECT_EQ(normalized(strip(true, false), text), "a b\u3000\n\u200b\u00a0 ");
  EXPECT_EQ(normalized(strip(false, true), text), "\u2003 \ta b\u3000\n\u200b");
  EXPECT_EQ(normalized(strip(false, false), text), text);
  EXPECT_EQ(normalized(strip(true, true), " \t"), "");
}

TEST(NormalizersTest, StripAccentsDoesNotDecompose) {
  const json strip_accents = {{"type", "StripAccents"}};
  // U+0903 is a spacing mark, which BertNormalizer keeps.
  EXPECT_EQ(normalized(strip_accents, "\u00e9e\u0301x\u0903"), "\u00e9ex");
  EXPECT_EQ(normalized(sequence({{{"type", "NFD"}}, strip_accents}), "\u00e9\u1ed9"), "eo");
}

TEST(NormalizersTest, NormalizationForms) {
  const auto form = [](const char* name, std::string_view text) {
    return normalized({{"type", name}}, text);
  };
  EXPECT_EQ(form("NFD", "\u1ed9 \uac01 \uac00"), "o\u0323\u0302 \u1100\u1161\u11a8 \u1100\u1161");
  EXPECT_EQ(form("NFC", "o\u0302\u0323 \u1100\u1161\u11a8 \uac00\u11a8"), "\u1ed9 \uac01 \uac01");
  // A mark of a lower class does not come between a letter and its accent; one of the same does.
  EXPECT_EQ(form("NFC", "a\u0301\u0316 a\u0302\u0301x"), "\u00e1\u0316 \u1ea5x");
  EXPECT_EQ(form("NFC", "a\u030d\u0301"), "a\u030d\u0301");
  EXPECT_EQ(form("NFC", "\u0301a"), "\u0301a");
  // Not composed again: an exclusion and a singleton.
  EXPECT_EQ(form("NFC", "\u0958 \u212b"), "\u0915\u093c \u00c5");
  EXPECT_EQ(form("NFC", "\ufb01\u00bd"), "\ufb01\u00bd");
  EXPECT_EQ(form("NFKC", "\ufb01\u00bd \uff21\u0300 \u1e9b\u0323"), "fi1\u20442 \u00c0 \u1e69");
  EXPECT_EQ(form("NFKD", "\u1e9b\u0323 \u3392"), "s\u0323\u0307 MHz");
  // Of Unicode 13, which the reference does not know.
  EXPECT_EQ(form("NFKC", "\U0001fbf0"), "\U0001fbf0");
  EXPECT_EQ(form("NFKC", "plain"), "plain");
}

TEST(NormalizersTest, ReplaceAndPrepend) {
  EXPECT_EQ(normalized(replace("``", "\""), "``a```b"), "\"a\"`b");
  EXPECT_EQ(normalized(replace(" ", "\u2581"), " a b"), "\u2581a\u2581b");
  EXPECT_EQ(normalized(replace(".*", ""), "a.*b"), "ab");
  const json prepend = {{"type", "Prepend"}, {"prepend", "\u2581"}};
  EXPECT_EQ(normalized(prepend, "a"), "\u2581a");
  EXPECT_EQ(normalized(prepend, ""), "");
  EXPECT_EQ(normalized(sequence({prepend, replace("\u2581", "__")}), "a\u2581"), "__a__");
}

json replace_all(const std::string& regex, const std::string& content) {
  return {{"type", "Replace"}, {"pattern", {{"Regex", regex}}}, {"content", content}};
}

TEST(NormalizersTest, ReplaceKnowsRunsOfSpaces) {
  EXPECT_EQ(normalized(replace_all(" {2,}", "_"), "  a b   c\t\t  "), "_a b_c\t\t_");
  EXPECT_EQ(normalized(replace_all("\\s{2,}|[\\n\\r\\t]", " "), "a\nb \u2003c\u2003d\t"),
            "a b c\u2003d ");
  EXPECT_EQ(normalized(replace_all("\\s+", ""), " a\u3000\n"), "a");
}

TEST(NormalizersTest, Nmt) {
  EXPECT_EQ(
      normalized({{"type", "Nmt"}}, std::string("a\x01\tb\u200b\u200d\x7f\0\u2581\ufeff", 18)),
      std::string("a b  \0  ", 8));
}

// A map of a trie without children, and of one that points out of its texts.
TEST(NormalizersTest, PrecompiledReadsHostileMaps) {
  const auto map = [](const std::string& base64) {
    return json{{"type", "Precompiled"}, {"precompiled_charsmap", base64}};
  };
  EXPECT_EQ(normalized(map("BAAAAAAAAAA="), "a\r\n\u00e9"), "a\r\n\u00e9");
  EXPECT_EQ(normalized(map("BAAAAP////8="), "a\r\n\u00e9"), "a\r\n\u00e9");
  EXPECT_THAT(refusal(map("AAAA")), HasSubstr("too short"));
  EXPECT_THAT(refusal(map("BAAAAA==")), HasSubstr("whose trie has 4 bytes"));
  EXPECT_THAT(refusal(map("BAAAAAAAAAD/")), HasSubstr("not UTF-8"));
  EXPECT_THAT(refusal(map("B?AA")), HasSubstr("not Base64"));
  EXPECT_THAT(refusal({{"type", "Precompiled"}}), HasSubstr("precompiled_charsmap"));
}

TEST(NormalizersTest, RefusesWhatItCannotDo) {
  EXPECT_THAT(refusal(replace_all("a.b", " ")), HasSubstr("regular expression a.b is not"));
  EXPECT_THAT(refusal(replace("", "a")), HasSubstr("empty"));
  EXPECT_THAT(refusal({{"type", "Replace"}, {"pattern", "a"}, {"content", " "}}),
              HasSubstr("normalizer.pattern"));
  EXPECT_THAT(refusal({{"type", "Strip"}, {"strip_left", true}}), HasSubstr("strip_right"));
  EXPECT_THAT(refusal({{"type", "Prepend"}}), HasSubstr("prepend"));
  EXPECT_THAT(refusal({{"type", "Prepend"}, {"prepend", std::string(1025, 'a')}}),
              HasSubstr("longer than 1024 bytes"));
  EXPECT_THAT(refusal(sequence(std::vector<json>(65, {{"type", "NFC"}}))), HasSubstr("64 steps"));
  EXPECT_THAT(refusal(sequence(std::vector<json>(20, replace("a", "aa")))),
              HasSubstr("more than 64 times"));
  EXPECT_EQ(normalized(sequence(std::vector<json>(6, replace("a", "aa"))), "a"),
            std::string(64, 'a'));
}

}  // namespace
}  // namespace normscope::tokenizer
