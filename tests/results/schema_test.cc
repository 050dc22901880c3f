#include "results/schema.h"

#include <gtest/gtest.h>

namespace normscope {
namespace {

using Json = nlohmann::json;

std::string problem(const char* json, const char* schema) {
  const auto found = violates(Json::parse(json), Json::parse(schema));
  return found ? found->place + ": " + found->reason : "";
}

TEST(Schema, TypesAndBounds) {
  EXPECT_EQ(problem("1", R"({"type":"integer"})"), "");
  EXPECT_EQ(problem("1.5", R"({"type":"integer"})"), ": is number where integer is wanted");
  EXPECT_EQ(problem("1", R"({"type":"number","minimum":1,"maximum":1})"), "");
  EXPECT_EQ(problem("-1", R"({"type":"integer","minimum":0})"), ": is below 0");
  EXPECT_EQ(problem("1.01", R"({"maximum":1})"), ": is above 1");
  EXPECT_EQ(problem("true", R"({"type":"number"})"), ": is boolean where number is wanted");
  EXPECT_EQ(problem("2", R"({"const":1})"), ": is not 1");
  EXPECT_EQ(problem("\"c\"", R"({"enum":["a","b"]})"), R"(: is none of ["a","b"])");
  EXPECT_EQ(problem("null", R"({"anyOf":[{"type":"null"},{"type":"string"}]})"), "");
  EXPECT_EQ(problem("3", R"({"anyOf":[{"type":"null"},{"type":"string"}]})"),
            ": is number where string is wanted");
}

TEST(Schema, PlacesArePointers) {
  const char* schema =
      R"({"type":"object","required":["a"],"properties":{"a":{"type":"array","minItems":1,"maxItems":2,
          "items":{"$ref":"#/$defs/x"}}},"$defs":{"x":{"type":"object","properties":{"y/z":{"type":"null"}}}}})";
  EXPECT_EQ(problem(R"({"a":[{"y/z":null},{"other":1}]})", schema), "");
  EXPECT_EQ(problem(R"({"a":[{},{"y/z":0}]})", schema),
            "/a/1/y~1z: is number where null is wanted");
  EXPECT_EQ(problem(R"({"a":[]})", schema), "/a: has 0 elements");
  EXPECT_EQ(problem(R"({"a":[{},{},{}]})", schema), "/a: has 3 elements");
  EXPECT_EQ(problem("{}", schema), R"(: has no "a")");
  EXPECT_EQ(problem("[]", schema), ": is array where object is wanted");
}

TEST(Schema, MembersOfAnyName) {
  const char* schema =
      R"({"properties":{"a":{"type":"null"}},"additionalProperties":{"type":"string"}})";
  EXPECT_EQ(problem(R"({"a":null,"b":"x"})", schema), "");
  EXPECT_EQ(problem(R"({"a":null,"b":1})", schema), "/b: is number where string is wanted");
}

TEST(Schema, OfResultsIsPartOfTheProgram) {
  EXPECT_EQ(results_schema().at("properties").at("schema_version").at("const"), 4);
  EXPECT_TRUE(violates(Json::object(), results_schema()).has_value());
}

}  // namespace
}  // namespace normscope
