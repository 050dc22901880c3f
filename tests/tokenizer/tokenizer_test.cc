#include "normscope/tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

// A tokenizer.json with few tokens.
json small_tokenizer() {
  return json::parse(R"({
    "added_tokens": [{"id": 1, "content": "[UNK]", "special": true, "normalized": false},
                     {"id": 2, "content": "[CLS]", "special": true, "normalized": false},
                     {"id": 3, "content": "[SEP]", "special": true, "normalized": false}],
    "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                   "strip_accents": null, "lowercase": true},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {"type": "TemplateProcessing",
      "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                 {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
      "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2]}, "[SEP]": {"id": "[SEP]", "ids": [3]}}},
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
              "max_input_chars_per_word": 6,
              "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "un": 4, "##able": 5, "##a": 6,
                        "a": 7, ".": 8, "é": 9, "e": 10, "unab": 11}}
  })");
}

class TokenizerTest : public testing::Test {
 protected:
  TemporaryFolder folder_;

  Tokenizer load(const json& tokenizer) const {
    folder_.write("tokenizer.json", tokenizer.dump());
    return Tokenizer::from_folder(folder_.path());
  }
  static std::vector<TokenId> ids(const Tokenizer& tokenizer, std::string_view text) {
    return tokenizer.encode(text, 1000).ids;
  }
  // What the Error for this tokenizer.json says.
  std::string refusal(const std::string& content) const {
    folder_.write("tokenizer.json", content);
    try {
      Tokenizer::from_folder(folder_.path());
    } catch (const Error& error) {
      EXPECT_EQ(error.file(), folder_.path() / "tokenizer.json");
      return error.what();
    }
    return "was accepted";
  }
  std::string refusal(const json& tokenizer) const { return refusal(tokenizer.dump()); }
};

TEST_F(TokenizerTest, TakesTheLongestPieces) {
  const Tokenizer tokenizer = load(small_tokenizer());
  EXPECT_THAT(ids(tokenizer, "unable"), ElementsAre(2, 1, 3));  // "unab" leaves "##le" unknown
  EXPECT_THAT(ids(tokenizer, "una"), ElementsAre(2, 4, 6, 3));
  EXPECT_THAT(ids(tokenizer, "UN É."), ElementsAre(2, 4, 10, 8, 3));
  EXPECT_THAT(ids(tokenizer, "aaaaaa aaaaaaa"), ElementsAre(2, 7, 6, 6, 6, 6, 6, 1, 3));
  EXPECT_THAT(ids(tokenizer, ""), ElementsAre(2, 3));
  EXPECT_THAT(ids(tokenizer, "a[SEP]un"), ElementsAre(2, 7, 3, 4, 3));
  EXPECT_EQ(tokenizer.special_tokens(), 2U);
  EXPECT_EQ(tokenizer.vocabulary_size(), 12U);
  EXPECT_EQ(tokenizer.token(11), "unab");
  EXPECT_THROW(static_cast<void>(tokenizer.token(12)), std::out_of_range);
  EXPECT_THROW(static_cast<void>(tokenizer.token(-1)), std::out_of_range);
}

TEST_F(TokenizerTest, TruncatesToTheLengthWithItsSpecialTokens) {
  const Tokenizer tokenizer = load(small_tokenizer());
  const std::string text = "a a a un";
  for (std::size_t length = 2; length < 9; ++length) {
    const Encoding encoding = tokenizer.encode(text, length);
    EXPECT_EQ(encoding.ids.size(), std::min<std::size_t>(length, 6));
    EXPECT_EQ(encoding.ids.front(), 2);
    EXPECT_EQ(encoding.ids.back(), 3);
    EXPECT_EQ(encoding.truncated, length < 6);
    EXPECT_EQ(encoding.tokens, 4U);
  }
  EXPECT_THROW(static_cast<void>(tokenizer.encode(text, 1)), std::invalid_argument);
  std::string endless;
  for (int i = 0; i < 100000; ++i) endless += "a ";
  EXPECT_TRUE(tokenizer.encode(endless, 10).truncated);
  EXPECT_EQ(tokenizer.encode(endless, 10).tokens, 100000U);
  EXPECT_TRUE(tokenizer.encode("a é " + endless, 10).truncated);
  EXPECT_EQ(tokenizer.encode("a é " + endless, 10).tokens, 100002U);
}

TEST_F(TokenizerTest, IgnoresTheFilesOwnTruncationAndPadding) {
  json tokenizer = small_tokenizer();
  tokenizer["truncation"] = {{"max_length", 3}, {"strategy", "LongestFirst"}, {"stride", 0}};
  tokenizer["padding"] = {{"strategy", {{"Fixed", 128}}}, {"pad_id", 0}};
  EXPECT_THAT(ids(load(tokenizer), "a a a"), ElementsAre(2, 7, 7, 7, 3));
}

TEST_F(TokenizerTest, ReadsBertProcessingAndNone) {
  json tokenizer = small_tokenizer();
  tokenizer["post_processor"] = {
      {"type", "BertProcessing"}, {"sep", {"[SEP]", 3}}, {"cls", {"[CLS]", 2}}};
  EXPECT_THAT(ids(load(tokenizer), "a"), ElementsAre(2, 7, 3));
  tokenizer["post_processor"] = nullptr;
  EXPECT_THAT(ids(load(tokenizer), "a"), ElementsAre(7));
}

TEST_F(TokenizerTest, ASequenceOfPostProcessorsPutsOneAroundTheOther) {
  json tokenizer = small_tokenizer();
  json roberta = {{"type", "RobertaProcessing"},
                  {"sep", {"un", 4}},
                  {"cls", {"[PAD]", 0}},
                  {"trim_offsets", true},
                  {"add_prefix_space", true}};
  tokenizer["post_processor"] = roberta;
  EXPECT_THAT(ids(load(tokenizer), "a"), ElementsAre(0, 7, 4));
  tokenizer["post_processor"] = {{"type", "Sequence"},
                                 {"processors", {roberta, small_tokenizer()["post_processor"]}}};
  EXPECT_THAT(ids(load(tokenizer), "a"), ElementsAre(2, 0, 7, 4, 3));
  EXPECT_EQ(load(tokenizer).special_tokens(), 4U);
  EXPECT_THAT(load(tokenizer).encode("a a a", 5).ids, ElementsAre(2, 0, 7, 4, 3));
  roberta["sep"] = {"un", 99};
  tokenizer["post_processor"]["processors"][0] = roberta;
  EXPECT_THAT(refusal(tokenizer), HasSubstr("post_processor.processors[0].sep[1]"));
}

TEST_F(TokenizerTest, StripAccentsFollowsLowercaseWhereItIsNotSaid) {
  json tokenizer = small_tokenizer();
  EXPECT_THAT(ids(load(tokenizer), "é"), ElementsAre(2, 10, 3));
  tokenizer["normalizer"]["lowercase"] = false;
  EXPECT_THAT(ids(load(tokenizer), "é"), ElementsAre(2, 9, 3));
  tokenizer["normalizer"]["strip_accents"] = true;
  EXPECT_THAT(ids(load(tokenizer), "é"), ElementsAre(2, 10, 3));
}

TEST_F(TokenizerTest, APartThatIsNotThereDoesNothing) {
  json tokenizer = small_tokenizer();
  tokenizer["normalizer"] = nullptr;
  EXPECT_THAT(ids(load(tokenizer), "a A é."), ElementsAre(2, 7, 1, 9, 8, 3));
  tokenizer = small_tokenizer();
  tokenizer["pre_tokenizer"] = nullptr;
  EXPECT_THAT(ids(load(tokenizer), "Una[SEP]a a"), ElementsAre(2, 4, 6, 3, 1, 3));
}

TEST_F(TokenizerTest, AMetaspaceOfTheStartKnowsWhereTheTextStarts) {
  json tokenizer = small_tokenizer();
  const json strip = {{"type", "Strip"}, {"strip_left", true}, {"strip_right", false}};
  tokenizer["normalizer"] = strip;
  tokenizer["pre_tokenizer"] = {
      {"type", "Metaspace"}, {"replacement", "."}, {"prepend_scheme", "first"}};
  tokenizer["model"]["vocab"][".a"] = 12;
  tokenizer["model"]["vocab"]["."] = 8;
  EXPECT_THAT(ids(load(tokenizer), "a"), ElementsAre(2, 12, 3));
  EXPECT_THAT(ids(load(tokenizer), " a"), ElementsAre(2, 7, 3));  // what stood there is gone
  EXPECT_THAT(ids(load(tokenizer), "[SEP]a"), ElementsAre(2, 3, 7, 3));
  tokenizer["normalizer"] = nullptr;
  EXPECT_THAT(ids(load(tokenizer), " a"), ElementsAre(2, 12, 3));
  tokenizer["pre_tokenizer"]["prepend_scheme"] = "always";
  EXPECT_THAT(ids(load(tokenizer), "[SEP]a"), ElementsAre(2, 3, 12, 3));
}

TEST_F(TokenizerTest, ASequenceIsItsPartsInOrder) {
  json tokenizer = small_tokenizer();
  const auto sequence_of = [](const std::string& key, const std::vector<json>& parts) {
    return json{{"type", "Sequence"}, {key, parts}};
  };
  const json cased = {{"type", "BertNormalizer"}, {"lowercase", false}};
  tokenizer["normalizer"] =
      sequence_of("normalizers", {cased, sequence_of("normalizers", {tokenizer["normalizer"]})});
  tokenizer["pre_tokenizer"] =
      sequence_of("pretokenizers", {tokenizer["pre_tokenizer"], tokenizer["pre_tokenizer"]});
  EXPECT_THAT(ids(load(tokenizer), "UNA É."), ElementsAre(2, 4, 6, 10, 8, 3));
  tokenizer["normalizer"] = sequence_of("normalizers", {});
  tokenizer["pre_tokenizer"] = sequence_of("pretokenizers", {});
  EXPECT_THAT(ids(load(tokenizer), "una"), ElementsAre(2, 4, 6, 3));
  EXPECT_THAT(ids(load(tokenizer), "a a"), ElementsAre(2, 1, 3));
}

TEST_F(TokenizerTest, WordLevelKnowsAPieceOrDoesNot) {
  json tokenizer = small_tokenizer();
  tokenizer["model"]["type"] = "WordLevel";
  EXPECT_THAT(ids(load(tokenizer), "Unab a. unable"), ElementsAre(2, 11, 7, 8, 1, 3));
  tokenizer["pre_tokenizer"] = nullptr;
  EXPECT_THAT(ids(load(tokenizer), "unab"), ElementsAre(2, 11, 3));
  tokenizer["model"].erase("unk_token");
  EXPECT_THAT(refusal(tokenizer), HasSubstr("model.unk_token"));
  tokenizer["model"]["unk_token"] = "<unk>";
  EXPECT_THAT(refusal(tokenizer), HasSubstr("lacks the unknown token <unk>"));
}

TEST_F(TokenizerTest, RefusesOtherKindsByName) {
  json tokenizer = small_tokenizer();
  tokenizer["model"]["type"] = "Bpe";
  EXPECT_THAT(refusal(tokenizer), HasSubstr("the model Bpe is not supported"));
  tokenizer = small_tokenizer();
  tokenizer["normalizer"] = {{"type", "Nfx"}};
  EXPECT_THAT(refusal(tokenizer), HasSubstr("the normalizer Nfx is not supported"));
  tokenizer["normalizer"] = {{"type", "Sequence"},
                             {"normalizers", {{{"type", "BertNormalizer"}}, {{"type", "Nfx"}}}}};
  EXPECT_THAT(refusal(tokenizer), HasSubstr("normalizer.normalizers[1]: the normalizer Nfx"));
  tokenizer["normalizer"] = json::object();
  EXPECT_THAT(refusal(tokenizer), HasSubstr("normalizer.type"));
  tokenizer = small_tokenizer();
  tokenizer["pre_tokenizer"]["type"] = "FixedLength";
  EXPECT_THAT(refusal(tokenizer), HasSubstr("the pre-tokenizer FixedLength is not supported"));
  tokenizer = small_tokenizer();
  tokenizer["post_processor"]["type"] = "Template";
  EXPECT_THAT(refusal(tokenizer), HasSubstr("the post-processor Template is not supported"));
}

TEST_F(TokenizerTest, RefusesFilesThatDoNotHoldTogether) {
  const auto with = [](const std::string& pointer, const json& value) {
    json tokenizer = small_tokenizer();
    tokenizer[json::json_pointer(pointer)] = value;
    return tokenizer;
  };
  EXPECT_THAT(refusal(with("/model/vocab/a", -1)), HasSubstr("vocab.a"));
  EXPECT_THAT(refusal(with("/model/vocab/a", 1.5)), HasSubstr("not an integer"));
  EXPECT_THAT(refusal(with("/model/vocab/a", 1e300)), HasSubstr("not an integer"));
  EXPECT_THAT(refusal(with("/model/vocab/a", 18446744073709551615U)), HasSubstr("vocab.a"));
  EXPECT_THAT(refusal(with("/model/vocab/a", 4000000)), HasSubstr("4000000"));
  EXPECT_THAT(refusal(with("/model/vocab/a", 4)), HasSubstr("two tokens"));
  EXPECT_THAT(refusal(with("/model/vocab", json::array())), HasSubstr("not an object"));
  EXPECT_THAT(refusal(with("/model/unk_token", "<unk>")), HasSubstr("<unk>"));
  EXPECT_THAT(refusal(with("/model/max_input_chars_per_word", -5)), HasSubstr("negative"));
  EXPECT_THAT(refusal(with("/model", 3)), HasSubstr("model"));
  EXPECT_THAT(refusal(with("/added_tokens/0/id", -7)), HasSubstr("added_tokens[0].id"));
  EXPECT_THAT(refusal(with("/added_tokens/0/content", 7)), HasSubstr("not a string"));
  EXPECT_THAT(refusal(with("/added_tokens", 7)), HasSubstr("not an array"));
  EXPECT_THAT(refusal(with("/normalizer/lowercase", "yes")), HasSubstr("true or false"));
  EXPECT_THAT(refusal(with("/post_processor/single/0/SpecialToken/type_id", 1)), HasSubstr("type"));
  EXPECT_THAT(refusal(with("/post_processor/special_tokens/[CLS]/ids", {99})), HasSubstr("99"));
  EXPECT_THAT(refusal(with("/post_processor/single", json::array())),
              HasSubstr("without the sentence"));
  EXPECT_THAT(refusal(with("/post_processor/single/0", "x")), HasSubstr("not an object"));
  EXPECT_THAT(refusal(std::string("[]")), HasSubstr("not a JSON object"));
  EXPECT_THAT(refusal(std::string("{")), HasSubstr("JSON"));
  EXPECT_THAT(refusal(std::string("")), HasSubstr("JSON"));
  EXPECT_THAT(refusal(std::string(100000, '[')), HasSubstr("deep"));
}

TEST_F(TokenizerTest, ANewAddedTokenHasTheNextId) {
  json tokenizer = small_tokenizer();
  tokenizer["added_tokens"].push_back(
      {{"id", 12}, {"content", "<new>"}, {"special", false}, {"normalized", false}});
  const Tokenizer loaded = load(tokenizer);
  EXPECT_THAT(ids(loaded, "a<new>a"), ElementsAre(2, 7, 12, 7, 3));
  EXPECT_EQ(loaded.vocabulary_size(), 13U);
  EXPECT_EQ(loaded.token(12), "<new>");
}

TEST_F(TokenizerTest, ReadsVocabTxt) {
  folder_.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na \nb\r\na\n\xc3\xa9");
  const Tokenizer tokenizer = Tokenizer::from_folder(folder_.path());
  EXPECT_THAT(ids(tokenizer, "A b"), ElementsAre(2, 6, 5, 3));  // the last "a" counts
  EXPECT_EQ(tokenizer.vocabulary_size(), 8U);
  folder_.write("tokenizer_config.json",
                R"({"do_lower_case": false, "unk_token": {"content": "[PAD]"}})");
  EXPECT_THAT(ids(Tokenizer::from_folder(folder_.path()), "A \xc3\xa9"), ElementsAre(2, 0, 7, 3));
  folder_.write("tokenizer_config.json", R"({"cls_token": "<s>"})");
  // A token that the vocabulary lacks has the next id, by the count of those that differ.
  EXPECT_THAT(ids(Tokenizer::from_folder(folder_.path()), "b"), ElementsAre(7, 5, 3));
  folder_.write("tokenizer_config.json", R"({"unk_token": "<unk>"})");
  EXPECT_THROW(Tokenizer::from_folder(folder_.path()), Error);
}

TEST_F(TokenizerTest, NeedsATokenizersFile) {
  EXPECT_THROW(Tokenizer::from_folder(folder_.path()), Error);
  EXPECT_THROW(Tokenizer::from_folder(folder_.path() / "nowhere"), Error);
}

}  // namespace
}  // namespace normscope
