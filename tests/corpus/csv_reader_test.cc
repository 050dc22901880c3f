#include "corpus/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "read_texts.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsNan;

class CsvReaderTest : public testing::Test {
 protected:
  std::vector<std::string> read(std::string_view content,
                                const std::optional<std::string>& column = {},
                                const ReadLimits& limits = {}, std::optional<char> delimiter = {}) {
    ByteSource source(folder_.write("f", content));
    CsvReader reader(source, limits, delimiter, {.text = column});
    taken_ = reader.column().value_or("none");
    return rest_of(reader);
  }
  std::string error(std::string_view content, const std::optional<std::string>& column = {},
                    const ReadLimits& limits = {}) {
    const std::string what = error_of([&] { read(content, column, limits); });
    return what.substr(std::min(what.size(), folder_.path().string().size() + 4));
  }

  TemporaryFolder folder_;
  std::string taken_;
};

TEST_F(CsvReaderTest, ReadsOneColumn) {
  EXPECT_THAT(read("\xEF\xBB\xBFid,text\r\n1,a\r\n2,\"b, \"\"c\"\"\r\nd\"\r\n3,\r\n4,e"),
              ElementsAre("a", "b, \"c\"\r\nd", "", "e"));
  EXPECT_EQ(taken_, "text");
  EXPECT_THAT(read("id,text\n1,a\n", "id"), ElementsAre("1"));
}

TEST_F(CsvReaderTest, ReadsNumbersBesideTheText) {
  const std::string content = "n,text,x\r\n1,a, 2.5 \n\"-3e2\",\"b\n\",\n\nNA,c,inf\n";
  for (std::size_t block = 1; block < content.size() + 2; ++block) {
    ByteSource source(folder_.write("f", content));
    CsvReader reader(source, {.block = block}, {}, {.text = "text", .numbers = {"x", "n"}});
    EXPECT_THAT(numbers_of_rest(reader),
                ElementsAre(ElementsAre(2.5, 1), ElementsAre(IsNan(), -300),
                            ElementsAre(IsNan(), IsNan())));
  }
  ByteSource booleans(folder_.write("f", "text,n\na,True\nb,false\nc,\n"));
  CsvReader flags(booleans, {}, {}, {.text = "text", .numbers = {"n"}});
  EXPECT_THAT(numbers_of_rest(flags),
              ElementsAre(ElementsAre(1), ElementsAre(0), ElementsAre(IsNan())));
  const auto refusal = [&](const std::string& rows, const std::string& column) {
    ByteSource source(folder_.write("f", rows));
    return error_of([&] {
      CsvReader reader(source, {}, {}, {.numbers = {column}});
      rest_of(reader);
    });
  };
  EXPECT_THAT(refusal("n,text\n1,a\nfive,b\n", "n"),
              AllOf(HasSubstr("column n: Row #3: "), HasSubstr("'five'")));
  EXPECT_THAT(refusal("n,text\n5,a\ntrue,b\n", "n"), HasSubstr("'true'"));
  EXPECT_THAT(refusal("n,text\n1,a\n", "m"), HasSubstr("has no column m; its columns are n, text"));
}

TEST_F(CsvReaderTest, TellsTheDelimiterByTheHeader) {
  for (const char* delimiter : {",", ";", "\t", "|"}) {
    const std::string d = delimiter;
    EXPECT_THAT(read("id" + d + "\"a,;|\t\t,,;;||,;|\"" + d + "text\n1" + d + "x" + d + "it\n"),
                ElementsAre("it"));
  }
  EXPECT_THAT(read("a,b\ttext\n1,2\tit\n", {}, {}, '\t'), ElementsAre("it"));
}

TEST_F(CsvReaderTest, LeavesOutBlankLinesButInASingleColumn) {
  EXPECT_THAT(read("id,text\n\n1,a\n\n\n2,b\n\n"), ElementsAre("a", "b"));
  EXPECT_THAT(read("words\na\n\nb\n"), ElementsAre("a", "", "b"));
  EXPECT_EQ(taken_, "words");
}

TEST_F(CsvReaderTest, ReadsNothingFromAnEmptyFile) {
  EXPECT_THAT(read(""), IsEmpty());
  EXPECT_EQ(taken_, "none");
  EXPECT_THAT(read("text"), IsEmpty());
  EXPECT_EQ(taken_, "text");
}

TEST_F(CsvReaderTest, KeepsBytesThatAreNotUtf8) {
  EXPECT_THAT(read("id,text\n1,\xFF\n"), ElementsAre("\xFF"));
}

TEST_F(CsvReaderTest, GivesTheSameWhateverTheBlock) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string content = "id,text" + end + "1,one" + end + end + "2,\"t" + end + "w,o\"" +
                                end + "3,\"\"\"\"" + end + "4," + end + "5,last";
    const auto whole = read(content);
    ASSERT_THAT(whole, ElementsAre("one", "t" + end + "w,o", "\"", "", "last"));
    const std::string single = "text" + end + "a" + end + end + "b";
    for (std::size_t block = 1; block < content.size() + 2; ++block) {
      EXPECT_EQ(read(content, {}, {.block = block}), whole) << block;
      EXPECT_THAT(read(single, {}, {.block = block}), ElementsAre("a", "", "b")) << block;
    }
  }
}

TEST_F(CsvReaderTest, ReadsManyRows) {
  std::string content = "id,text\n";
  std::vector<std::string> expected;
  for (int i = 0; i < 150'000; ++i) {
    expected.push_back("sentence " + std::to_string(i));
    content += std::to_string(i) + "," + expected.back() + "\n";
  }
  EXPECT_TRUE(read(content) == expected);
}

TEST_F(CsvReaderTest, ListsTheColumnsWhereTheWantedOneIsMissing) {
  EXPECT_EQ(error("a,b\n1,2\n", "text"), "has no column text; its columns are a, b");
}

TEST_F(CsvReaderTest, NamesTheRowThatDoesNotFit) {
  EXPECT_EQ(error("a,text\n1,x\n2,y,z\n"), "row 3: has 3 columns, the header has 2");
  EXPECT_EQ(error("a,text\n1,x\n2\n"), "row 3: has 1 columns, the header has 2");
}

TEST_F(CsvReaderTest, GivesUpOnAnOpenQuote) {
  EXPECT_THAT(error("a,text\n1,\"x\n2,y\n"), HasSubstr("quot"));
  EXPECT_THAT(
      error("a,text\n1,\"" + std::string(5000, 'x') + "\n", {}, {.block = 100, .unit = 1000}),
      HasSubstr("longer than 1000 bytes"));
}

}  // namespace
}  // namespace normscope
