#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/error.h"
#include "normscope/tokenizer.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kLines =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nThe\ncat\nsep\n[\n]\nÉ\ne\n";

// The ids expected here are those of AutoTokenizer of transformers 5.23.0.
class TokenizerFolderTest : public testing::Test {
 protected:
  TokenizerFolderTest() { write("config.json", {{"model_type", "bert"}}); }

  void write(const std::string& name, const json& content) const {
    folder_.write(name, content.dump());
  }
  [[nodiscard]] std::vector<TokenId> ids(std::string_view text) const {
    return Tokenizer::from_folder(folder_.path()).encode(text, 100).ids;
  }
  [[nodiscard]] std::vector<std::string> decisions() const {
    return Tokenizer::from_folder(folder_.path()).decisions();
  }
  [[nodiscard]] std::string refusal() const {
    try {
      Tokenizer::from_folder(folder_.path());
    } catch (const Error& error) {
      return error.what();
    }
    return "was accepted";
  }

  // A tokenizer.json of the tokens of kLines that makes small letters.
  static json tokenizer_json() {
    json tokenizer = json::parse(R"({"added_tokens": [], "post_processor": null,
      "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                     "strip_accents": null, "lowercase": true},
      "pre_tokenizer": {"type": "BertPreTokenizer"},
      "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {}}})");
    std::string_view rest = kLines;
    for (int id = 0; !rest.empty(); ++id) {
      const std::string token(rest.substr(0, rest.find('\n')));
      rest.remove_prefix(token.size() + 1);
      tokenizer["model"]["vocab"][token] = id;
      if (id < 5) tokenizer["added_tokens"].push_back(special(id, token));
    }
    return tokenizer;
  }
  static json special(int id, const std::string& content) {
    return {{"id", id}, {"content", content}, {"special", true}, {"normalized", false}};
  }

  TemporaryFolder folder_;
};

TEST_F(TokenizerFolderTest, AddedTokensAndTheSpecialTokensMapAreRead) {
  folder_.write("vocab.txt", kLines);
  write("added_tokens.json", {{"<x>", 13}, {"Big", 14}});
  write("special_tokens_map.json",
        {{"additional_special_tokens", {"<x>"}},
         {"mask_token", {{"content", "[MASK]"}, {"lstrip", true}, {"normalized", false}}}});
  EXPECT_THAT(ids("the <x> BIG cat"), ElementsAre(2, 5, 13, 14, 7, 3));
  EXPECT_THAT(ids("<X>"), ElementsAre(2, 13, 3));
  EXPECT_THAT(ids("cat [MASK] cat"), ElementsAre(2, 7, 4, 7, 3));
}

TEST_F(TokenizerFolderTest, BlankLinesAtTheEndAreNoTokens) {
  folder_.write("vocab.txt", std::string(kLines) + "\n\n");
  EXPECT_THAT(ids("the cat"), ElementsAre(2, 5, 7, 3));
  EXPECT_EQ(Tokenizer::from_folder(folder_.path()).vocabulary_size(), 13U);
}

TEST_F(TokenizerFolderTest, TheSettingsDecideWhatBertDoes) {
  write("tokenizer.json", tokenizer_json());
  write("tokenizer_config.json", {{"do_lower_case", false}});
  EXPECT_THAT(ids("The É"), ElementsAre(2, 6, 11, 3));
  EXPECT_THAT(decisions(),
              ElementsAre(HasSubstr("tokenizer_config.json decides as BertTokenizer reads it: "
                                    "BertNormalizer, do_lower_case false")));
  write("tokenizer_config.json", {{"do_lower_case", true}});
  EXPECT_THAT(decisions(), IsEmpty());
  // A class that takes tokenizer.json as it is.
  write("tokenizer_config.json",
        {{"do_lower_case", false}, {"tokenizer_class", "PreTrainedTokenizerFast"}});
  EXPECT_THAT(ids("The É"), ElementsAre(5, 12));
  EXPECT_THAT(decisions(), IsEmpty());
}

TEST_F(TokenizerFolderTest, SpecialTokensAreSplitWhereTheSettingsSaySo) {
  write("tokenizer.json", tokenizer_json());
  write("tokenizer_config.json", {{"split_special_tokens", true}});
  EXPECT_THAT(ids("the [SEP] cat"), ElementsAre(2, 5, 9, 8, 10, 7, 3));
}

TEST_F(TokenizerFolderTest, AddedTokensAreNumberedByCount) {
  json tokenizer = tokenizer_json();
  tokenizer["model"]["vocab"]["zz"] = 20;
  tokenizer["added_tokens"].push_back(special(21, "<n>"));
  write("tokenizer.json", tokenizer);
  EXPECT_THAT(ids("zz <n> cat"), ElementsAre(2, 20, 14, 7, 3));
  EXPECT_THAT(decisions(), ElementsAre("the vocabulary decides: the token <n> has the id 14 "
                                       "(tokenizer.json: 21)"));
}

TEST_F(TokenizerFolderTest, TheSettingsListAddedTokens) {
  write("tokenizer.json", tokenizer_json());
  write("tokenizer_config.json",
        {{"added_tokens_decoder",
          {{"2", {{"content", "[CLS]"}, {"special", true}}},
           {"3", {{"content", "[SEP]"}, {"special", true}}},
           {"14", {{"content", "<b>"}, {"special", true}}},
           {"13", {{"content", "cat"}, {"single_word", true}, {"special", false}}}}}});
  EXPECT_THAT(ids("the <b>cat cat [MASK]"), ElementsAre(2, 5, 13, 7, 7, 4, 3));
  write("tokenizer_config.json", {{"added_tokens_decoder", {{"two", {{"content", "a"}}}}}});
  EXPECT_THAT(refusal(), HasSubstr("added_tokens_decoder.two"));
  write("tokenizer_config.json", {{"added_tokens_decoder", {{"13", "a"}}}});
  EXPECT_THAT(refusal(), HasSubstr("added_tokens_decoder.13"));
}

TEST_F(TokenizerFolderTest, ReadsVocabularyAndMerges) {
  write("config.json", {{"model_type", "roberta"}});
  write("vocab.json", {{"<s>", 0},
                       {"<pad>", 1},
                       {"</s>", 2},
                       {"<unk>", 3},
                       {"a", 4},
                       {"b", 5},
                       {"Ġ", 6},
                       {"Ġa", 7},
                       {"ab", 8},
                       {"<mask>", 9}});
  folder_.write("merges.txt", "#version: 0.2\nĠ a\na b\n");
  EXPECT_THAT(ids("a ab ba<mask>"), ElementsAre(0, 4, 7, 5, 6, 5, 4, 9, 2));
  EXPECT_THAT(ids(" a"), ElementsAre(0, 7, 2));
  folder_.write("merges.txt", "Ġ a\na b c\n");
  EXPECT_THAT(refusal(), HasSubstr("merges.txt: line 2"));
}

TEST_F(TokenizerFolderTest, RefusesAModelThatTheClassDoesNotHave) {
  write("tokenizer.json", tokenizer_json());
  write("tokenizer_config.json", {{"tokenizer_class", "RobertaTokenizer"}});
  EXPECT_THAT(refusal(), HasSubstr("the tokenizer class RobertaTokenizer has a BPE model"));
}

TEST_F(TokenizerFolderTest, ClassesHaveOtherNamesAndSomeAreRefused) {
  write("tokenizer.json", tokenizer_json());
  write("tokenizer_config.json",
        {{"do_lower_case", false}, {"tokenizer_class", "MobileBertTokenizerFast"}});
  EXPECT_THAT(ids("The É"), ElementsAre(2, 6, 11, 3));
  write("tokenizer_config.json", {{"tokenizer_class", "GPT2TokenizerFast"}});
  EXPECT_THAT(refusal(), HasSubstr("tokenizer_class: GPT2Tokenizer is not supported"));
}

TEST_F(TokenizerFolderTest, TheLastOfTheSameAddedTokensSaysHowItIsFound) {
  json tokenizer = tokenizer_json();
  tokenizer["added_tokens"].push_back(special(13, "<x>"));
  tokenizer["added_tokens"].back()["single_word"] = true;
  write("tokenizer.json", tokenizer);
  EXPECT_THAT(ids("the<x>cat <x>"), ElementsAre(2, 5, 1, 1, 1, 7, 13, 3));
  write("added_tokens.json", {{"<x>", 20}});
  EXPECT_THAT(ids("the<x>cat <x>"), ElementsAre(2, 5, 13, 7, 13, 3));
}

TEST_F(TokenizerFolderTest, TheMapsOldListCountsIfThereIsNoOther) {
  write("tokenizer.json", tokenizer_json());
  write("special_tokens_map.json", {{"additional_special_tokens", {"<y>"}}});
  EXPECT_THAT(ids("<y>"), ElementsAre(2, 13, 3));
  write("tokenizer_config.json", {{"additional_special_tokens", {"<x>"}}});
  EXPECT_THAT(ids("<y>"), ElementsAre(2, 1, 1, 1, 3));
}

TEST_F(TokenizerFolderTest, ASpecialTokenMayBeNone) {
  write("tokenizer.json", tokenizer_json());
  json settings = {{"added_tokens_decoder",
                    {{"2", {{"content", "[CLS]"}, {"special", true}}},
                     {"3", {{"content", "[SEP]"}, {"special", true}}}}}};
  write("tokenizer_config.json", settings);
  EXPECT_THAT(ids("[PAD]"), ElementsAre(2, 0, 3));
  settings["pad_token"] = nullptr;
  write("tokenizer_config.json", settings);
  EXPECT_THAT(ids("[PAD]"), ElementsAre(2, 9, 1, 10, 3));
}

TEST_F(TokenizerFolderTest, ANormalizerMayNotFillTheMemory) {
  json tokenizer = tokenizer_json();
  tokenizer["normalizer"] = {{"type", "Sequence"}, {"normalizers", json::array()}};
  for (int i = 0; i < 30; ++i) {
    tokenizer["normalizer"]["normalizers"].push_back({{"type", "ByteLevel"}});
  }
  write("tokenizer.json", tokenizer);
  write("tokenizer_config.json", {{"tokenizer_class", "PreTrainedTokenizerFast"}});
  EXPECT_THAT(ids("the"), ElementsAre(5));
  EXPECT_THROW(ids("\u00e9"), Error);
}

TEST_F(TokenizerFolderTest, AddedTokensHaveALimit) {
  json tokenizer = tokenizer_json();
  tokenizer["added_tokens"].push_back(special(13, std::string(2 << 20, 'x')));
  write("tokenizer.json", tokenizer);
  EXPECT_THAT(refusal(), HasSubstr("bytes of added tokens"));
}

// The scores are the same float64; `tokenizers` rounds the first one differently.
TEST_F(TokenizerFolderTest, WhoReadsTheFileDecidesBetweenEqualScores) {
  folder_.write("tokenizer.json",
                R"({"added_tokens": [], "normalizer": null, "post_processor": null,
    "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always"},
    "model": {"type": "Unigram", "unk_id": 3, "vocab": [["<s>", 0], ["<pad>", 0], ["</s>", 0],
      ["<unk>", 0], ["\u2581zq", -12.201075553894043], ["\u2581z", -12.2010755538940431],
      ["q", 0.0], ["<mask>", 0]]}})");
  write("tokenizer_config.json", {{"tokenizer_class", "PreTrainedTokenizerFast"}});
  EXPECT_THAT(ids("zq"), ElementsAre(5, 6));
  write("config.json", {{"model_type", "xlm-roberta"}});
  write("tokenizer_config.json", json::object());
  EXPECT_THAT(ids("zq"), ElementsAre(0, 4, 2));
}

TEST_F(TokenizerFolderTest, ReadsSpmModel) {
  // A protobuf message: pieces (text, score, type), then the trainer's unk_id.
  const auto field = [](int number, const std::string& bytes) {
    return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
  };
  const auto piece = [&](const std::string& text, float score, char type) {
    std::string bytes = field(1, text) + '\x15';
    bytes.append(reinterpret_cast<const char*>(&score), sizeof score);
    return field(1, bytes + '\x18' + type);
  };
  const std::string unknown = field(2, std::string("\xc0\x02\x03", 3));
  const std::string model = piece("[PAD]", 0, 3) + piece("[CLS]", 0, 3) + piece("[SEP]", 0, 3) +
                            piece("[UNK]", 0, 2) + piece("\u2581", -2, 1) + piece("a", -2, 1) +
                            piece("\u2581a", -3, 1) + unknown;
  write("config.json", {{"model_type", "deberta-v2"}});
  folder_.write("spm.model", model);
  EXPECT_THAT(ids("a  b a[SEP]"), ElementsAre(1, 6, 4, 3, 6, 2, 2));
  EXPECT_THAT(ids("[MASK]"), ElementsAre(1, 7, 2));
  folder_.write("spm.model", model.substr(0, 30));
  EXPECT_THAT(refusal(), HasSubstr("is not a protobuf message"));
  folder_.write("spm.model", unknown);
  EXPECT_THAT(refusal(), HasSubstr("0 pieces"));
}

}  // namespace
}  // namespace normscope
