#include "report/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/error.h"
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

ScatterFigure scatter_of(const SampleReport& sample) {
  return {.x = sample.lengths,
          .y = sample.norms,
          .line = sample.relation().line,
          .title = figure_title(sample.results.manifest, sample.norms.size()),
          .x_label = "Sentence length (in tokens)",
          .y_label = "L1 norm of the mean embedding",
          .x_name = "length",
          .y_name = "L1 norm"};
}

void write_scatter(const TemporaryFolder& folder, const ScatterFigure& figure) {
  write_figure(folder.path(),
               draw_figure("figure", Style::notebook, scatter_plot(figure, Style::notebook)));
}

TEST(ScatterPlot, OfManySentences) {
  const SampleReport sample(100'000);
  const TemporaryFolder folder;
  write_scatter(folder, scatter_of(sample));
  expect_figures(folder);
  const std::string svg = drawing(folder);
  EXPECT_THAT(svg, HasSubstr("a-model on a-corpus, n = 100,000"));
  EXPECT_THAT(svg, HasSubstr("Sentence length (in tokens)"));
  EXPECT_THAT(svg, HasSubstr("L1 norm of the mean embedding"));
  EXPECT_THAT(svg, HasSubstr(kRed));
  EXPECT_THAT(svg, HasSubstr("L1 norm = "));
  EXPECT_THAT(svg, HasSubstr("font-style=\"italic\""));
  EXPECT_THAT(svg, HasSubstr("dy=\"-6.50px\" xml:space=\"preserve\">2<"));
}

TEST(ScatterPlot, OfFewSentences) {
  for (const std::size_t sentences : {0U, 1U, 2U, 3U, 50U}) {
    SCOPED_TRACE(sentences);
    const SampleReport sample(sentences);
    const TemporaryFolder folder;
    write_scatter(folder, scatter_of(sample));
    expect_figures(folder);
    const std::string svg = drawing(folder);
    EXPECT_THAT(svg, HasSubstr("n = " + std::to_string(sentences)));
    EXPECT_EQ(svg.find(kRed) != std::string::npos, sample.relation().line.has_value());
  }
}

TEST(ScatterPlot, OfNumbersThatAreStrange) {
  const std::vector<double> lengths{1, 2, 3, 500};
  for (const std::vector<double>& norms : {std::vector<double>{5, 5, 5, 5},
                                           {0, 0, 0, 0},
                                           {1e30, 2e30, 3e30, 1e30},
                                           {1e-20, 2e-20, 1e-20, 4e-20},
                                           {1e6, 1e6 + 1e-9, 1e6, 1e6},
                                           {-1, 0, 1, 2}}) {
    SampleReport sample(0);
    sample.lengths = lengths;
    sample.norms = norms;
    sample.study_again();
    const TemporaryFolder folder;
    write_scatter(folder, scatter_of(sample));
    expect_figures(folder);
  }
}

TEST(ScatterPlot, TicsCanBeToldApart) {
  SampleReport sample(1000);
  for (double& norm : sample.norms) norm = 489'898.1 + 1e-3 * norm;
  sample.study_again();
  const TemporaryFolder folder;
  write_scatter(folder, scatter_of(sample));
  const std::string svg = drawing(folder);
  std::set<std::string> tics;
  for (std::size_t at = svg.find("489898."); at != std::string::npos;
       at = svg.find("489898.", at + 1)) {
    if (!tics.insert(svg.substr(at, svg.find('<', at) - at)).second)
      ADD_FAILURE() << svg.substr(at, 12);
  }
  EXPECT_GE(tics.size(), 4U);
}

TEST(ScatterPlot, HostileNamesAreNothingButText) {
  SampleReport sample(50);
  const TemporaryFolder folder;
  const TemporaryFolder untouched;
  const std::string made = untouched.path().string();
  sample.results.manifest.model.name = "`cp /dev/null " + made + "/a`\"; !ls";
  sample.results.manifest.corpus.name = "{/=99 x}^2_1 <b>&@NAME\\n\n' ]]> \xff狐";
  ScatterFigure figure = scatter_of(sample);
  figure.y_name = "{/=99 `y`}^2\"";
  write_scatter(folder, figure);
  expect_figures(folder);
  EXPECT_TRUE(untouched.files().empty());
  const std::string svg = drawing(folder);
  EXPECT_THAT(svg, HasSubstr("{/=99 x}^2_1 &lt;b?&amp;@NAME\\n?' ]]? ??, n = 50"));
  EXPECT_THAT(svg, HasSubstr("99 y2 = "));
}

TEST(DrawFigure, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(draw_figure("figure", Style::paper, "plot x\n", 1, stop.get_token()), Interrupted);
}

TEST(WriteFigure, NeverHalfOnesWithoutAFolder) {
  EXPECT_THROW(write_figure("/nonexistent/folder", {{.name = "figure.png", .content = "x"}}),
               Error);
}

TEST(RemoveFigure, TheFilesOfItsNameAlone) {
  const TemporaryFolder folder;
  for (const char* name : {"figure.png", "figure.svg", "figure-funnel.svg", "figure.txt"}) {
    std::ofstream(folder.path() / name) << "old";
  }
  remove_figure(folder.path(), "figure");
  EXPECT_THAT(folder.files(), ElementsAre("figure-funnel.svg", "figure.txt"));
}

}  // namespace
}  // namespace normscope
