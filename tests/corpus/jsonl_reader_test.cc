#include "corpus/jsonl_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "read_texts.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsNan;
using testing::StartsWith;

class JsonlReaderTest : public testing::Test {
 protected:
  std::vector<std::string> read(std::string_view content,
                                const std::optional<std::string>& column = {}) {
    ByteSource source(folder_.write("f", content));
    JsonlReader reader(source, {}, {.text = column});
    taken_ = reader.column().value_or("none");
    return rest_of(reader);
  }
  std::string error(std::string_view content, const std::optional<std::string>& column = {}) {
    const std::string file = folder_.path() / "f";
    std::string what = error_of([&] { read(content, column); });
    EXPECT_THAT(what, StartsWith(what == "no error" ? "" : file + ": "));
    return what.substr(std::min(what.size(), file.size() + 2));
  }

  TemporaryFolder folder_;
  std::string taken_;
};

TEST_F(JsonlReaderTest, ReadsOneColumn) {
  EXPECT_THAT(read("\xEF\xBB\xBF{\"text\": \"a\\n\\u00e9\\ud83d\\ude00\", \"n\": [1, {}]}\r\n"
                   "{\"n\": 2, \"text\": \"b\"}"),
              ElementsAre("a\n\xC3\xA9\xF0\x9F\x98\x80", "b"));
  EXPECT_EQ(taken_, "text");
}

TEST_F(JsonlReaderTest, ReadsNumbersBesideTheText) {
  const auto numbers = [&](std::string_view content, std::vector<std::string> columns) {
    ByteSource source(folder_.write("f", content));
    JsonlReader reader(source, {}, {.text = "text", .numbers = std::move(columns)});
    return numbers_of_rest(reader);
  };
  EXPECT_THAT(
      numbers("{\"text\": \"a\", \"n\": 1, \"m\": {\"x\": -2.5e1, \"y\": \"\"}}\n"
              "\n{\"m\": null, \"text\": \"b\"}\n"
              "{\"m\": {\"x\": 3}, \"n\": null, \"text\": \"c\"}\n",
              {"m.x", "n"}),
      ElementsAre(ElementsAre(-25, 1), ElementsAre(IsNan(), IsNan()), ElementsAre(3, IsNan())));
  EXPECT_THAT(numbers("{\"text\": \"a\", \"b\": null}\n{\"text\": \"a\", \"b\": true}\n"
                      "{\"text\": \"a\", \"b\": false}\n",
                      {"b"}),
              ElementsAre(ElementsAre(IsNan()), ElementsAre(1), ElementsAre(0)));
  const auto refusal = [&](std::string_view content, const std::string& column) {
    return error_of([&] { numbers(content, {column}); });
  };
  EXPECT_THAT(refusal("{\"text\": \"a\", \"n\": 1}\n{\"text\": \"b\", \"n\": \"2\"}\n", "n"),
              HasSubstr("the column n holds no numbers"));
  std::string late;
  for (int i = 0; i < 200; ++i) late += "{\"text\": \"a\", \"n\": 1}\n";
  EXPECT_THAT(refusal(late + "{\"text\": \"b\", \"n\": \"2\"}\n", "n"), HasSubstr("line 201: "));
  EXPECT_THAT(refusal(late, "m"), HasSubstr("has no column m; its columns are text, n (numbers)"));
  EXPECT_THAT(refusal(late, "text"), HasSubstr("holds no numbers"));
  EXPECT_THAT(refusal(late + "{\"text\": \"b\", \"n\": true}\n", "n"), HasSubstr("line 201: "));
}

TEST_F(JsonlReaderTest, ReadsANestedColumn) {
  const char* const rows =
      "{\"a\": {\"b\": \"x\", \"c\": 1}}\n{\"a\": null}\n{\"a\": {\"c\": 2}}\n{\"a\": {\"b\": "
      "\"y\"}}\n";
  EXPECT_THAT(read(rows, "a.b"), ElementsAre("x", "", "", "y"));
  EXPECT_THAT(read(rows), ElementsAre("x", "", "", "y"));
  EXPECT_EQ(taken_, "a.b");
  EXPECT_THAT(read("{\"a.b\": \"x\"}\n", "a.b"), ElementsAre("x"));
}

TEST_F(JsonlReaderTest, HasAnEmptyTextWhereThereIsNone) {
  EXPECT_THAT(read("{\"text\": null}\n{}\n{\"text\": \"\"}\n{\"text\": \"a\"}\n"),
              ElementsAre("", "", "", "a"));
}

TEST_F(JsonlReaderTest, LeavesOutBlankLines) {
  EXPECT_THAT(read("\n \t\r\n{\"text\": \"a\"}\n\n{\"text\": \"b\"}\n\n"), ElementsAre("a", "b"));
  EXPECT_THAT(read(""), IsEmpty());
  EXPECT_EQ(taken_, "none");
}

TEST_F(JsonlReaderTest, KeepsBytesThatAreNotUtf8) {
  EXPECT_THAT(read("{\"text\": \"a\xFF\"}\n"), ElementsAre("a\xFF"));
}

TEST_F(JsonlReaderTest, ReadsManyBlocksAndLongLines) {
  std::string content;
  std::vector<std::string> expected;
  for (int i = 0; i < 60'000; ++i) {
    expected.push_back("sentence " + std::to_string(i) +
                       (i % 20'000 == 7 ? std::string(3 << 20, 'x') : ""));
    content += "{\"id\": " + std::to_string(i) + ", \"text\": \"" + expected.back() + "\"}\n";
  }
  EXPECT_TRUE(read(content) == expected);
}

TEST_F(JsonlReaderTest, ListsTheColumnsWhereTheWantedOneIsMissing) {
  EXPECT_EQ(error("{\"a\": 1, \"b\": {\"c\": \"x\"}}\n{\"d\": null}\n", "e"),
            "has no column e; its columns are a (numbers), b.c, d (no text)");
  EXPECT_THAT(error("{\"a\": \"x\", \"b\": \"y\"}\n"), HasSubstr("its columns are a, b"));
}

TEST_F(JsonlReaderTest, NamesTheLineThatIsNoObject) {
  const std::string good = "{\"text\": \"a\"}\n";
  std::string many = good;
  for (int i = 0; i < 200'000; ++i) many += good;  // beyond the first block
  for (const std::string& before : {good, many}) {
    const std::string line = "line " + std::to_string(std::ranges::count(before, '\n') + 2) + ": ";
    for (const char* bad :
         {"not json", "{\"text\": \"a\"", "{\"text\": \"a\"} {\"text\": \"b\"}", "[1]", "7",
          "{\"text\": 7}", "{\"text\": [\"a\"]}", "{\"text\": \"\\ud800\"}", "{\"text\": \"a\"},",
          "{\"text\": \"a\x01\"}x", "null", "null, 1", "{\"text\": \"a\"} null, 1",
          "{\"text\": \"}\\\"}\"} 5 null", "{\"text\": null} null", "{}{}null"}) {
      EXPECT_THAT(error(before + "\n" + bad + "\n" + good), StartsWith(line)) << bad;
    }
  }
}

TEST_F(JsonlReaderTest, TakesBracesAndNullInAText) {
  EXPECT_THAT(read("{\"text\": \"{} null\", \"n\": null}\n"
                   " {\"n\": {\"a\": null}, \"text\": \"\\\\\"} \t\r\n"
                   "{\"text\": \"\\\"} null\"}\n"),
              ElementsAre("{} null", "\\", "\"} null"));
}

TEST_F(JsonlReaderTest, StandsDeepNesting) {
  for (const char open : {'[', '{'}) {
    std::string deep = "{\"text\": \"a\", \"b\": ";
    for (int i = 0; i < 200'000; ++i) deep += open == '[' ? "[" : "{\"a\":";
    EXPECT_THAT(error(deep + "\n"), StartsWith("line 1: "));
  }
  std::string closed =
      "{\"text\": \"a\", \"b\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}\n";
  EXPECT_THAT(read(closed), ElementsAre("a"));
}

TEST_F(JsonlReaderTest, NamesAColumnThatIsNoTextLater) {
  EXPECT_THAT(error("{\"a\": 1}\n"), HasSubstr("a (numbers)"));
  EXPECT_THAT(error("{\"a\": 1}\n", "a"), HasSubstr("holds no text"));
}

}  // namespace
}  // namespace normscope
