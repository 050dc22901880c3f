#include "model/modules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ModulesTest : public testing::Test {
 protected:
  void write(const std::string& content) {
    static_cast<void>(folder_.write("modules.json", content));
  }
  void write(const json& content) { write(content.dump()); }

  [[nodiscard]] std::string refusal() const {
    try {
      read_modules(folder_.path());
    } catch (const Error& error) {
      return error.what();
    }
    return "not refused";
  }

  TemporaryFolder folder_;
};

TEST_F(ModulesTest, AreThoseOfTheFileInItsOrder) {
  EXPECT_THAT(read_modules(folder_.path()), IsEmpty());
  EXPECT_EQ(encoder_folder(folder_.path()), folder_.path());
  write(json::array(
      {{{"idx", 0},
        {"name", "0"},
        {"path", "0_Transformer"},
        {"type", "sentence_transformers.models.Transformer"}},
       {{"idx", 1}, {"path", "a/1_Pooling"}, {"type", "custom_st.Pooling"}, {"kwargs", {"x"}}},
       {{"idx", 2}, {"path", ""}, {"type", "Normalize"}}}));
  const std::vector<Module> modules = read_modules(folder_.path());
  ASSERT_THAT(modules, SizeIs(3));
  EXPECT_EQ(modules[0].name(), "Transformer");
  EXPECT_FALSE(modules[0].is_foreign());
  EXPECT_EQ(modules[1].name(), "Pooling");
  EXPECT_TRUE(modules[1].is_foreign());
  EXPECT_EQ(modules[1].file("config.json"), "a/1_Pooling/config.json");
  EXPECT_EQ(modules[2].name(), "Normalize");
  EXPECT_EQ(modules[2].file("config.json"), "config.json");
  EXPECT_EQ(encoder_folder(folder_.path()), folder_.path() / "0_Transformer");
}

TEST_F(ModulesTest, OtherFirstModulesLeaveTheEncoderWhereItIs) {
  write(json::array(
      {{{"path", "0_StaticEmbedding"}, {"type", "sentence_transformers.models.Router"}}}));
  EXPECT_EQ(encoder_folder(folder_.path()), folder_.path());
  write(json::array({{{"path", ""}, {"type", "custom_st.Transformer"}}}));
  EXPECT_EQ(encoder_folder(folder_.path()), folder_.path());
}

TEST_F(ModulesTest, PathsMayHaveEmptyParts) {
  for (const auto& [path, folder] : std::vector<std::pair<const char*, const char*>>{
           {".", ""}, {"./", ""}, {"1_Pooling/", "1_Pooling"}, {"./a//./b/", "a/b"}}) {
    write(json::array({{{"path", path}, {"type", "Pooling"}}}));
    EXPECT_EQ(read_modules(folder_.path()).front().path, folder);
  }
}

TEST_F(ModulesTest, RefusesPathsThatLeadOut) {
  for (const char* const path :
       {"..", "../x", "a/../../x", "/etc", "/", "a/..", "./../x", "a\\b", "a\nb"}) {
    write(json::array({{{"path", path}, {"type", "sentence_transformers.models.Transformer"}}}));
    EXPECT_THAT(refusal(), HasSubstr("modules.json: module 0: has the path")) << path;
    EXPECT_THROW(encoder_folder(folder_.path()), Error) << path;
  }
}

TEST_F(ModulesTest, RefusesWhatIsNoListOfModules) {
  write(std::string("[{"));
  EXPECT_THAT(refusal(), HasSubstr("modules.json: line 1"));
  write(json::object());
  EXPECT_THAT(refusal(), HasSubstr("is not a JSON list"));
  write(json::array());
  EXPECT_THAT(refusal(), HasSubstr("lists no module"));
  write(json::array({1}));
  EXPECT_THAT(refusal(), HasSubstr("module 0: is not an object"));
  write(json::array({{{"path", ""}}}));
  EXPECT_THAT(refusal(), HasSubstr("module 0: has no type that is a string"));
  write(json::array({{{"type", "Pooling"}}}));
  EXPECT_THAT(refusal(), HasSubstr("module 0: has no path that is a string"));
  write(json::array({{{"type", 1}, {"path", ""}}}));
  EXPECT_THAT(refusal(), HasSubstr("module 0: has no type that is a string"));
  json many = json::array();
  for (int i = 0; i < 101; ++i) many.push_back({{"type", "x"}, {"path", ""}});
  write(many);
  EXPECT_THAT(refusal(), HasSubstr("lists more than 100 modules"));
}

}  // namespace
}  // namespace normscope
