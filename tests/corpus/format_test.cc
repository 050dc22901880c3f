#include "corpus/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress.h"
#include "read_texts.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

using testing::HasSubstr;
using namespace std::string_view_literals;

class FormatTest : public testing::Test {
 protected:
  std::string_view told(const std::string& name, std::string_view content) {
    ByteSource source(folder_.write(name, content));
    return normscope::name(format_of(source));
  }
  TemporaryFolder folder_;
};

TEST_F(FormatTest, IsToldByContentWhateverTheName) {
  EXPECT_EQ(told("a.csv", "PAR1\x15\x04"), "parquet");
  EXPECT_EQ(told("a.txt", "ARROW1\0\0"sv), "arrow");
  EXPECT_EQ(told("a", "\xFF\xFF\xFF\xFF\x10\0\0\0"sv), "arrow");
  EXPECT_EQ(told("a.txt", "{\"text\": \"a\"}\n{"), "jsonl");
  EXPECT_EQ(told("a.csv", "\xEF\xBB\xBF\n {\"text\": \"a\"}"), "jsonl");
  EXPECT_EQ(told("a", "{\"text\": \"" + std::string(10'000, 'a') + "\"}\n"), "jsonl");
  EXPECT_EQ(told("a", "{\"text\": \"" + std::string(2 << 20, 'a') + "\"}\n"), "jsonl");
}

TEST_F(FormatTest, IsToldByNameWhereContentCannotTell) {
  for (const auto& [name, format] : {std::pair{"a.csv", "csv"},
                                     {"a.CSV.gz", "csv"},
                                     {"a.tsv", "tsv"},
                                     {"a.tab.zst", "tsv"},
                                     {"a.jsonl", "jsonl"},
                                     {"a.ndjson.xz", "jsonl"},
                                     {"a.txt", "text"},
                                     {"csv", "text"},
                                     {"a.gz", "text"}}) {
    EXPECT_EQ(told(name, "a, b\n"), format) << name;
    EXPECT_EQ(told(name, compress(Compression::zstd, "a, b\n")), format) << name;
  }
}

TEST_F(FormatTest, LeavesTextsWithBracesAlone) {
  for (const char* text :
       {"{braces} in a text\n", "{\"half a line\n", "{\n\"a\": 1}\n", "{}x\n", "[a]\n", "{", ""}) {
    EXPECT_EQ(told("a.txt", text), "text") << text;
  }
}

TEST_F(FormatTest, RefusesWhatItKnowsButCannotRead) {
  const auto refusal = [&](const std::string& name, std::string_view content) {
    return error_of([&] { told(name, content); });
  };
  EXPECT_THAT(refusal("a", "FEA1\0\0"sv), HasSubstr("Feather of version 1"));
  EXPECT_THAT(refusal("a.txt",
                      "\xFF\xFE"
                      "a\0"sv),
              HasSubstr("UTF-16"));
  EXPECT_THAT(refusal("a.json", "[{\"text\": \"a\"}]"), HasSubstr("not JSON Lines"));
  EXPECT_THAT(refusal("a.json", "{\n\"text\": \"a\"\n}"), HasSubstr("not JSON Lines"));
}

TEST_F(FormatTest, KnowsAZeroByte) {
  ByteSource with(folder_.write("a", "ab\0c"sv));
  EXPECT_EQ(zero_byte(with), 2U);
  ByteSource without(folder_.write("b", "abc"));
  EXPECT_EQ(zero_byte(without), std::nullopt);
}

TEST(WithoutCompression, TakesOneEndingOff) {
  EXPECT_EQ(without_compression("a/b.jsonl.GZ"), "a/b.jsonl");
  EXPECT_EQ(without_compression("b.xz"), "b");
  EXPECT_EQ(without_compression("b.gz/c"), "b.gz/c");
}

}  // namespace
}  // namespace normscope
