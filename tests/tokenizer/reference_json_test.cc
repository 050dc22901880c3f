#include "tokenizer/reference_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope::tokenizer {
namespace {

using testing::HasSubstr;

TEST(ReferenceJsonTest, ANumberIsItsDigitsThenOneDivision) {
  EXPECT_EQ(reference_number("-1.5"), -1.5);
  EXPECT_EQ(reference_number("1e3"), 1000);
  EXPECT_EQ(reference_number("12.5E-1"), 1.25);
  EXPECT_EQ(reference_number("0.0"), 0);
  EXPECT_EQ(reference_number("0e999999999999"), 0);
  EXPECT_TRUE(std::isinf(reference_number("1e309")));
  EXPECT_EQ(reference_number("1e-400"), 0);
  // Digits that do not fit into 64 bits go.
  EXPECT_EQ(reference_number("18446744073709551615.9"), 18446744073709551615.0);
  EXPECT_EQ(reference_number("184467440737095516150.0"), 184467440737095516150.0);
  // Correct rounding gives another number.
  EXPECT_EQ(reference_number("-11.494319915771484"), -11494319915771484.0 / 1e15);
}

class ReferenceJsonFileTest : public testing::Test {
 protected:
  TemporaryFolder folder_;

  nlohmann::json parse(const std::string& text) const {
    folder_.write("x.json", text);
    return read_reference_json(folder_.path() / "x.json");
  }
  std::string refusal(const std::string& text) const {
    try {
      parse(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "was accepted";
  }
};

TEST_F(ReferenceJsonFileTest, ReadsWhatOtherParsersRead) {
  const std::string text =
      R"({"a": [1, -2, 2.5, true, null, {"b": {}, "c": []}, "\u00e9"], "d": {"e": "f"}, "g": 18446744073709551615})";
  EXPECT_EQ(parse(text), nlohmann::json::parse(text));
  EXPECT_EQ(parse(R"({"a": 1, "a": {"b": 2}})"), nlohmann::json::parse(R"({"a": {"b": 2}})"));
}

TEST_F(ReferenceJsonFileTest, RefusesWhatIsNotJson) {
  EXPECT_THAT(refusal("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(refusal("{\"a\": 1"), HasSubstr("is not valid JSON"));
  EXPECT_THAT(refusal(std::string("{}\0", 3)), HasSubstr("byte 3"));
  EXPECT_THAT(refusal("{\"a\": 1e999}"), HasSubstr("out of range"));
  EXPECT_THAT(refusal("{\"a\": " + std::string(100, '[')), HasSubstr("deeper than 64"));
}

}  // namespace
}  // namespace normscope::tokenizer
