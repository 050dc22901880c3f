#include "report/text_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <vector>

#include "sample_report.h"

namespace normscope {
namespace {

using testing::HasSubstr;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(FunnelChart, ALineForEachBinAndAllSentencesInThem) {
  const SampleReport sample(1000);
  const auto lines =
      lines_of(funnel_chart("L1 norm", sample.lengths, sample.norms, Characters::ascii));
  ASSERT_EQ(lines.size(), 10U);
  EXPECT_TRUE(lines[0].starts_with("L1 norm by length (o mean")) << lines[0];
  int sentences = 0;
  std::vector<std::ptrdiff_t> widths;
  for (std::size_t i = 2; i < lines.size(); ++i) {
    EXPECT_LE(lines[i].size(), 76U);
    EXPECT_EQ(std::ranges::count(lines[i], 'o'), 1);
    widths.push_back(std::ranges::count(lines[i].substr(12), '-'));
    sentences += std::stoi(lines[i].substr(lines[i].rfind(' ')));
  }
  EXPECT_EQ(sentences, 1000);
  // The sample's norms scatter less the longer the sentence is.
  EXPECT_GT(widths.front(), 3 * widths.back());
}

TEST(FunnelChart, NothingOfTooFewOrEqualNumbers) {
  const std::vector<double> lengths(100, 4);
  const std::vector<double> norms(100, 2);
  EXPECT_EQ(funnel_chart("norm", lengths, norms, Characters::unicode), "");
  EXPECT_EQ(funnel_chart("norm", {}, {}, Characters::unicode), "");
  const SampleReport sample(19);
  EXPECT_EQ(funnel_chart("L1 norm", sample.lengths, sample.norms, Characters::unicode), "");
}

TEST(TerminalCharacters, AsTheLocaleSays) {
  ::setenv("LC_ALL", "C", 1);
  EXPECT_EQ(terminal_characters(), Characters::ascii);
  ::setenv("LC_ALL", "de_DE.UTF-8", 1);
  EXPECT_EQ(terminal_characters(), Characters::unicode);
  ::setenv("LC_ALL", "", 1);
  ::setenv("LC_CTYPE", "en_US.utf8", 1);
  EXPECT_EQ(terminal_characters(), Characters::unicode);
  ::unsetenv("LC_ALL");
  ::unsetenv("LC_CTYPE");
}

}  // namespace
}  // namespace normscope
