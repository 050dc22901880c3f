#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "normscope/report.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Whole files of their kind, none too large to put into a paper.
void expect_figures(const TemporaryFolder& folder) {
  EXPECT_THAT(folder.files(), ElementsAre("figure.pdf", "figure.png", "figure.svg"));
  const std::string png = content_of(folder.path() / "figure.png");
  EXPECT_TRUE(png.starts_with("\x89PNG") && png.find("IEND", png.size() - 8) != std::string::npos);
  const std::string pdf = content_of(folder.path() / "figure.pdf");
  EXPECT_TRUE(pdf.starts_with("%PDF") && pdf.ends_with("%%EOF\n"));
  const std::string svg = content_of(folder.path() / "figure.svg");
  EXPECT_TRUE(svg.starts_with("<?xml") && svg.ends_with("</svg>\n\n"));
  for (const std::string& file : {png, pdf, svg}) EXPECT_LT(file.size(), 500'000U);
}

/// figure.svg less the picture in it.
std::string drawing(const TemporaryFolder& folder) {
  std::string svg = content_of(folder.path() / "figure.svg");
  const std::size_t picture = svg.find("data:image/png;base64,");
  if (picture != std::string::npos) svg.erase(picture, svg.find('\'', picture) - picture);
  return svg;
}

const char* const kRed = "rgb(213,  94,   0)";

TEST(WriteFigures, OfManySentences) {
  const SampleReport sample(100'000);
  const TemporaryFolder folder;
  write_figures(folder.path(), sample.report);
  expect_figures(folder);
  const std::string svg = drawing(folder);
  EXPECT_THAT(svg, HasSubstr("a-model on a-corpus, n = 100,000"));
  EXPECT_THAT(svg, HasSubstr("Sentence length (in tokens)"));
  EXPECT_THAT(svg, HasSubstr("Norm of the [CLS] embedding"));
  EXPECT_THAT(svg, HasSubstr(kRed));
  EXPECT_THAT(svg, HasSubstr("norm = "));
  EXPECT_THAT(svg, HasSubstr("font-style=\"italic\""));
  EXPECT_THAT(svg, HasSubstr("dy=\"-6.50px\" xml:space=\"preserve\">2<"));
}

TEST(WriteFigures, OfFewSentences) {
  for (const std::size_t sentences : {0U, 1U, 2U, 3U, 50U}) {
    SCOPED_TRACE(sentences);
    const SampleReport sample(sentences);
    const TemporaryFolder folder;
    write_figures(folder.path(), sample.report);
    expect_figures(folder);
    const std::string svg = drawing(folder);
    EXPECT_THAT(svg, HasSubstr("n = " + std::to_string(sentences)));
    EXPECT_EQ(svg.find(kRed) != std::string::npos, sample.report.analysis.regression.has_value());
  }
}

TEST(WriteFigures, OfNormsThatAreStrange) {
  const std::vector<double> lengths{1, 2, 3, 500};
  for (const std::vector<double>& norms : {std::vector<double>{5, 5, 5, 5},
                                           {0, 0, 0, 0},
                                           {1e30, 2e30, 3e30, 1e30},
                                           {1e-20, 2e-20, 1e-20, 4e-20},
                                           {1e6, 1e6 + 1e-9, 1e6, 1e6},
                                           {-1, 0, 1, 2}}) {
    SampleReport sample(0);
    sample.report.lengths = lengths;
    sample.report.norms = norms;
    sample.report.analysis = analyse(lengths, norms);
    const TemporaryFolder folder;
    write_figures(folder.path(), sample.report);
    expect_figures(folder);
  }
}

TEST(WriteFigures, HostileNamesAreNothingButText) {
  SampleReport sample(50);
  const TemporaryFolder folder;
  const TemporaryFolder untouched;
  const std::string made = untouched.path().string();
  sample.report.manifest.model.name = "`cp /dev/null " + made + "/a`\"; !ls";
  sample.report.manifest.corpus.name = "{/=99 x}^2_1 <b>&@NAME\\n\n' ]]> \xff狐";
  write_figures(folder.path(), sample.report);
  expect_figures(folder);
  EXPECT_TRUE(untouched.files().empty());
  const std::string svg = drawing(folder);
  EXPECT_THAT(svg, HasSubstr("{/=99 x}^2_1 &lt;b?&amp;@NAME\\n?' ]]? ??, n = 50"));
}

TEST(WriteFigures, NeverHalfOnesWithoutAFolder) {
  const SampleReport sample(5);
  EXPECT_THROW(write_figures("/nonexistent/folder", sample.report), Error);
}

}  // namespace
}  // namespace normscope
