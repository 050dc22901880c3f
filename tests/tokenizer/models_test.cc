#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/error.h"
#include "tokenizer/json_node.h"
#include "tokenizer/models/model.h"

namespace normscope::tokenizer {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Model read(const json& model) {
  const std::filesystem::path file = "tokenizer.json";
  return read_model(JsonNode(file, model, "model"));
}

std::vector<TokenId> ids(const json& model, std::string_view piece) {
  std::vector<TokenId> ids;
  std::visit([&](const auto& of) { of.append(piece, ids); }, read(model));
  return ids;
}

std::string refusal(const json& model) {
  try {
    read(model);
  } catch (const Error& error) {
    return error.what();
  }
  return "was accepted";
}

// The ids expected here are those of the reference package.

json unigram(bool byte_fallback = false) {
  json model = json::parse(R"({"type": "Unigram", "unk_id": 0, "vocab": [
    ["<unk>", 0.0], ["A", -1.0], ["AA", -2.0], ["B", -0.5], ["AB", -1.5], ["é", -3.0],
    ["xy", -20.0], ["A", -1.0]]})");
  if (byte_fallback) {
    model["byte_fallback"] = true;
    for (const char* byte : {"<0x7A>", "<0xC3>", "<0xA8>"}) model["vocab"].push_back({byte, -9.0});
  }
  return model;
}

TEST(ModelsTest, UnigramTakesTheFirstOfTheBest) {
  EXPECT_THAT(ids(unigram(), "AAA"), ElementsAre(7, 2));
  EXPECT_THAT(ids(unigram(), "AABA"), ElementsAre(7, 4, 7));
  EXPECT_THAT(ids(unigram(), "ABAB"), ElementsAre(4, 4));
  EXPECT_THAT(ids(unigram(), "xy"), ElementsAre(6));
}

TEST(ModelsTest, UnigramJoinsWhatIsUnknown) {
  EXPECT_THAT(ids(unigram(), "xyx"), ElementsAre(6, 0));
  EXPECT_THAT(ids(unigram(), "zAzz"), ElementsAre(0, 7, 0));
  EXPECT_THAT(ids(unigram(), "éz"), ElementsAre(5, 0));
  EXPECT_THAT(ids(unigram(), "<unk>"), ElementsAre(0));
  EXPECT_THAT(ids(unigram(true), "zAzz"), ElementsAre(8, 7, 8, 8));
  EXPECT_THAT(ids(unigram(true), "zè"), ElementsAre(8, 9, 10));
  EXPECT_THAT(ids(unigram(true), "ö"), ElementsAre(0));
}

TEST(ModelsTest, UnigramRefusesWhatDoesNotHoldTogether) {
  json model = unigram();
  model["unk_id"] = 8;
  EXPECT_THAT(refusal(model), HasSubstr("no token with the id 8"));
  model["unk_id"] = nullptr;
  EXPECT_THAT(refusal(model), HasSubstr("without an unknown token"));
  model = unigram();
  model["vocab"][1] = {"A", "B"};
  EXPECT_THAT(refusal(model), HasSubstr("vocab[1]: is not a token and its score"));
  model["vocab"] = json::array();
  EXPECT_THAT(refusal(model), HasSubstr("no token with the id 0"));
}

json bpe(const json& changes = json::object()) {
  json model = json::parse(R"({"type": "BPE",
    "vocab": {"<unk>": 0, "a": 1, "b": 2, "c": 3, "ab": 4, "bc": 5, "abc": 6, "z": 7, "<0xC3>": 8,
              "<0xA9>": 9, "##b": 10, "##c": 11, "b</w>": 12, "ab</w>": 13, "##bc": 14},
    "merges": [["a", "b"], ["b", "c"], ["ab", "c"], ["a", "bc"]]})");
  model.update(changes);
  return model;
}

TEST(ModelsTest, BpeMergesTheLowestRankFirst) {
  EXPECT_THAT(ids(bpe(), "abcbc"), ElementsAre(6, 5));
  EXPECT_THAT(ids(bpe({{"merges", {"#version: 0.2", "b c", "a b"}}}), "abc"), ElementsAre(1, 5));
  // Of a pair that comes twice the last rank counts.
  EXPECT_THAT(ids(bpe({{"merges", {"a b", "b c", "a b"}}}), "abc"), ElementsAre(1, 5));
  const json whole = {{"ignore_merges", true}, {"merges", {"b c"}}};
  EXPECT_THAT(ids(bpe(whole), "abc"), ElementsAre(6));
  EXPECT_THAT(ids(bpe(whole), "abcb"), ElementsAre(1, 5, 2));
}

TEST(ModelsTest, BpeWithoutAnUnknownTokenLosesCharacters) {
  EXPECT_THAT(ids(bpe(), "zqa"), ElementsAre(7, 1));
  EXPECT_THAT(ids(bpe(), "qq"), IsEmpty());
}

TEST(ModelsTest, BpeUnknownTokensWaitPastBytes) {
  json options = {{"unk_token", "<unk>"}};
  EXPECT_THAT(ids(bpe(options), "qqa"), ElementsAre(0, 0, 1));
  options["byte_fallback"] = true;
  EXPECT_THAT(ids(bpe(options), "zéb"), ElementsAre(7, 8, 9, 2));
  EXPECT_THAT(ids(bpe(options), "qéb"), ElementsAre(8, 9, 0, 2));
  EXPECT_THAT(ids(bpe(options), "qéqb"), ElementsAre(8, 9, 0, 0, 2));
  options["fuse_unk"] = true;
  EXPECT_THAT(ids(bpe(options), "qéqb"), ElementsAre(8, 9, 0, 2));
  EXPECT_THAT(ids(bpe(options), "aqqb"), ElementsAre(1, 0, 2));
}

TEST(ModelsTest, BpeDecoratesCharactersInAPieceAndAtItsEnd) {
  const json inside = {{"continuing_subword_prefix", "##"},
                       {"unk_token", "<unk>"},
                       {"merges", {"##b ##c", "a ##b"}}};
  EXPECT_THAT(ids(bpe(inside), "abc"), ElementsAre(1, 14));
  EXPECT_THAT(ids(bpe(inside), "ca"), ElementsAre(3, 0));
  const json end = {
      {"end_of_word_suffix", "</w>"}, {"unk_token", "<unk>"}, {"merges", {"a b</w>"}}};
  EXPECT_THAT(ids(bpe(end), "aab"), ElementsAre(1, 13));
  EXPECT_THAT(ids(bpe(end), "ba"), ElementsAre(2, 0));
}

TEST(ModelsTest, BpeRefusesWhatDoesNotHoldTogether) {
  EXPECT_THAT(refusal(bpe({{"merges", {"a q"}}})), HasSubstr("lacks the token q"));
  EXPECT_THAT(refusal(bpe({{"merges", {"b a"}}})), HasSubstr("lacks the token ba"));
  EXPECT_THAT(refusal(bpe({{"merges", {"a b c"}}})), HasSubstr("not two tokens"));
  EXPECT_THAT(refusal(bpe({{"merges", {json::array({"a"})}}})), HasSubstr("not a pair"));
  EXPECT_THAT(refusal(bpe({{"unk_token", "?"}})), HasSubstr("unknown token ?"));
  EXPECT_THAT(refusal(bpe({{"dropout", 0.1}})), HasSubstr("model.dropout"));
  EXPECT_EQ(refusal(bpe({{"dropout", 0.0}})), "was accepted");
  EXPECT_THAT(refusal(bpe({{"continuing_subword_prefix", "é"}})), HasSubstr("not ASCII"));
}

}  // namespace
}  // namespace normscope::tokenizer
