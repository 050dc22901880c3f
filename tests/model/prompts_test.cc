#include "model/prompts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class PromptsTest : public testing::Test {
 protected:
  PromptsFile read(const std::string& content) {
    static_cast<void>(folder_.write("config_sentence_transformers.json", content));
    return read_prompts(folder_.path());
  }
  std::string refusal(const std::string& content) {
    try {
      read(content);
    } catch (const Error& error) {
      return error.what();
    }
    return "not refused";
  }

  TemporaryFolder folder_;
};

TEST_F(PromptsTest, AreByTheirNames) {
  EXPECT_THAT(read_prompts(folder_.path()).prompts, IsEmpty());
  const PromptsFile file = read(json{
      {"prompts", {{"query", "query: "}, {"document", ""}}},
      {"default_prompt_name", "query"},
      {"model_type",
       "SentenceTransformer"}}.dump());
  EXPECT_THAT(file.prompts, ElementsAre(Pair("document", ""), Pair("query", "query: ")));
  EXPECT_EQ(file.default_name, "query");
  EXPECT_EQ(file.model_type, "SentenceTransformer");
  EXPECT_FALSE(file.truncates_vectors);
  EXPECT_TRUE(read(R"({"truncate_dim": 64})").truncates_vectors);
  EXPECT_EQ(read(R"({"prompts": null, "default_prompt_name": null})").default_name, std::nullopt);
}

TEST_F(PromptsTest, QueryAndDocumentAlwaysExist) {
  const PromptsFile file =
      read(R"({"prompts": {"query": "query: ", "document": null, "other": null}})");
  EXPECT_EQ(file.find("query"), "query: ");
  EXPECT_EQ(file.find("document"), "");
  EXPECT_EQ(file.find("other"), "");
  EXPECT_EQ(file.find("passage"), std::nullopt);
  EXPECT_EQ(read("{}").find("query"), "");
}

TEST_F(PromptsTest, RefusesWhatIsNone) {
  EXPECT_THAT(refusal("{"), HasSubstr("config_sentence_transformers.json: line 1"));
  EXPECT_THAT(refusal("[]"), HasSubstr("is not a JSON object"));
  EXPECT_THAT(refusal(R"({"prompts": "query: "})"), HasSubstr("prompts: is not an object"));
  EXPECT_THAT(refusal(R"({"prompts": {"query": 1}})"), HasSubstr("is not a string"));
  EXPECT_THAT(refusal(R"({"default_prompt_name": 1})"), HasSubstr("default_prompt_name: is 1"));
}

}  // namespace
}  // namespace normscope
