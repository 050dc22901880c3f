#include "corpus/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/error.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

std::vector<std::string> lines_of_file(const std::string& path, const ReadLimits& limits) {
  ByteSource source(path);
  LineReader reader(source, limits);
  std::vector<std::string> lines;
  for (std::string_view line; reader.next(line);) {
    lines.emplace_back(line);
    EXPECT_EQ(reader.line_number(), lines.size());
  }
  return lines;
}

std::vector<std::string> lines_of(std::string_view content, const ReadLimits& limits = {}) {
  TemporaryFolder folder;
  return lines_of_file(folder.write("text", content), limits);
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LineReader, EndsLinesAtLfAndCrLf) {
  EXPECT_THAT(lines_of("a\nb\r\nc\n"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(lines_of("a\rb\r\r\n\r\n"), ElementsAre("a\rb\r", ""));
}

TEST(LineReader, TheLastLineNeedsNoEnd) {
  EXPECT_THAT(lines_of("a\nb"), ElementsAre("a", "b"));
  EXPECT_THAT(lines_of("a\r"), ElementsAre("a"));
  EXPECT_THAT(lines_of("\n"), ElementsAre(""));
  EXPECT_THAT(lines_of(""), IsEmpty());
}

TEST(LineReader, SkipsAByteOrderMarkAtTheStartOnly) {
  for (const std::size_t block : {1, 2, 3, 100}) {
    EXPECT_THAT(lines_of("\xEF\xBB\xBF"
                         "a\n\xEF\xBB\xBF"
                         "b",
                         {.block = block}),
                ElementsAre("a",
                            "\xEF\xBB\xBF"
                            "b"));
    EXPECT_THAT(lines_of("\xEF\xBB\xBF", {.block = block}), IsEmpty());
    EXPECT_THAT(lines_of("\xEF\xBB", {.block = block}), ElementsAre("\xEF\xBB"));
  }
}

// The slow, obvious version.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
    begin = end + 1;
  }
  return lines;
}

TEST(LineReader, GivesTheSameLinesWhateverTheBlock) {
  TemporaryFolder folder;
  std::mt19937_64 generator(1);
  for (int round = 0; round < 200; ++round) {
    std::string text(generator() % 60, ' ');
    for (char& c : text) c = "ab\n\r"[generator() % 4];
    const std::string path = folder.write("text", text);
    const std::vector<std::string> expected = split(text);
    for (std::size_t block = 1; block <= text.size() + 1; ++block) {
      ASSERT_EQ(lines_of_file(path, {.block = block}), expected) << block;
    }
  }
}

TEST(LineReader, TakesAVeryLongLine) {
  const std::string line(5'000'000, 'x');
  EXPECT_THAT(lines_of(line + "\nshort"), ElementsAre(line, "short"));
}

TEST(LineReader, RefusesALineAboveTheLimit) {
  const ReadLimits limits{.block = 4, .unit = 10};
  EXPECT_THAT(lines_of("0123456789\n0123456789", limits), ElementsAre("0123456789", "0123456789"));
  for (const std::string end : {"", "\n", "\nmore"}) {
    try {
      lines_of("short\n01234567890" + end, limits);
      FAIL() << "a line of 11 bytes was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.place(), "line 2");
      EXPECT_EQ(error.reason(), "longer than 10 bytes");
    }
  }
}

}  // namespace
}  // namespace normscope
