#include "normscope/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <stop_token>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "normscope/error.h"
#include "normscope/measure.h"
#include "path_of.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

void write_table(const std::filesystem::path& folder, SampleReport& sample,
                 const std::string& statistic = kNorm) {
  std::vector<Measurement> rows;
  for (std::size_t i = 0; i < sample.lengths.size(); ++i) {
    rows.push_back({.index = i,
                    .text = "Sentence " + std::to_string(i),
                    .tokens = static_cast<std::uint32_t>(sample.lengths[i]),
                    .tokens_read = static_cast<std::uint32_t>(sample.lengths[i]),
                    .statistics = {sample.norms[i]}});
  }
  const std::string name = "measurements.parquet";
  MeasurementWriter writer(folder / name, {.statistics = {statistic}});
  writer.append(rows);
  writer.close();
  sample.results.manifest.sha256[name] = sha256_of_file(folder / name);
}

/// A report on 500 sentences, kept, in a folder with their table.
struct Written {
  explicit Written(std::size_t sentences = 500) : sample(sentences) {
    sample.results.manifest.length_below = 80;
    write_table(folder.path(), sample);
  }

  [[nodiscard]] std::string file(const std::string& name) const {
    return content_of(folder.path() / name);
  }

  SampleReport sample;
  TemporaryFolder folder;
};

TEST(WriteReport, EveryFile) {
  Written written;
  EXPECT_THAT(write_report(written.folder.path(), written.sample.results), IsEmpty());
  EXPECT_THAT(written.folder.files(),
              ElementsAre("figure-funnel.pdf", "figure-funnel.png", "figure-funnel.svg",
                          "figure.pdf", "figure.png", "figure.svg", "grid.csv",
                          "measurements.parquet", "report.html", "report.md", "results.json"));
  EXPECT_EQ(written.file("report.html").find("could not be drawn"), std::string::npos);
}

TEST(WriteReport, LabelsSayWhatWasMeasured) {
  Written written;
  const std::string name = "layer3.mean.l1";
  Manifest& manifest = written.sample.results.manifest;
  manifest.statistics = {column_named(name)};
  written.sample.study_again();
  write_table(written.folder.path(), written.sample, name);
  EXPECT_THAT(write_report(written.folder.path(), written.sample.results), IsEmpty());
  for (const char* figure : {"figure.svg", "figure-funnel.svg"}) {
    const std::string svg = written.file(figure);
    EXPECT_THAT(svg, HasSubstr("L1 norm of the mean embedding, layer 3"));
    EXPECT_THAT(svg, HasSubstr("Sentence length (in tokens)"));
    EXPECT_THAT(svg, Not(HasSubstr("[CLS]")));
  }
  EXPECT_THAT(written.file("figure.svg"), HasSubstr("L1 norm = "));
  // The still of the page is the figure beside it, and report gives the same again.
  const std::string before = written.file("report.html") + written.file("figure.svg");
  render_report(written.folder.path());
  EXPECT_EQ(written.file("report.html") + written.file("figure.svg"), before);
}

TEST(WriteReport, WithoutGnuplotAllButTheFigures) {
  Written written;
  std::ofstream(written.folder.path() / "figure.svg") << "old";
  std::ofstream(written.folder.path() / "figure-funnel.png") << "old";
  std::ofstream(written.folder.path() / "figure-of-mine.svg") << "mine";
  const TemporaryFolder empty;
  std::vector<std::string> missing;
  {
    const PathOf path(empty.path());
    missing = write_report(written.folder.path(), written.sample.results);
  }
  EXPECT_THAT(missing, ElementsAre(AllOf(StartsWith("not drawn: figure, figure-funnel: gnuplot: "),
                                         HasSubstr("not found"))));
  EXPECT_THAT(written.folder.files(),
              ElementsAre("figure-of-mine.svg", "grid.csv", "measurements.parquet", "report.html",
                          "report.md", "results.json"));
  const std::string page = written.file("report.html");
  EXPECT_THAT(page, HasSubstr("<noscript><p class=\"limit\">The still figure could not be drawn."));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_THAT(render_report(written.folder.path()), IsEmpty());
  EXPECT_EQ(written.folder.files().size(), 12U);
}

TEST(WriteReport, AFigureThatFailsCostsNoOther) {
  Written written;
  const TemporaryFolder programs;
  // Fails for the funnel alone, whose script is text; that of the scatter holds a picture.
  std::ofstream(programs.path() / "gnuplot")
      << "#!/bin/sh\nPATH=" << std::getenv("PATH")
      << "\nscript=$(mktemp)\ncat > $script\n"
         "if grep -aq filledcurves $script; then echo no curves >&2; exit 1; fi\n"
         "exec gnuplot -d < $script\n";
  std::filesystem::permissions(programs.path() / "gnuplot", std::filesystem::perms::owner_all);
  const PathOf path(programs.path());
  EXPECT_THAT(write_report(written.folder.path(), written.sample.results),
              ElementsAre("not drawn: figure-funnel: gnuplot: no curves"));
  EXPECT_TRUE(std::filesystem::exists(written.folder.path() / "figure.pdf"));
  EXPECT_FALSE(std::filesystem::exists(written.folder.path() / "figure-funnel.pdf"));
}

TEST(WriteReport, ResultsAreThereBeforeAStop) {
  Written written;
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(write_report(written.folder.path(), written.sample.results, stop.get_token()),
               Interrupted);
  EXPECT_THAT(written.folder.files(), ElementsAre("measurements.parquet", "results.json"));
}

TEST(WriteReport, OfFewSentences) {
  for (const std::size_t sentences : {0U, 1U, 2U, 3U, 19U, 20U}) {
    SCOPED_TRACE(sentences);
    SampleReport sample(sentences);
    sample.results.manifest.length_below = 80;
    const TemporaryFolder folder;
    write_table(folder.path(), sample);
    write_report(folder.path(), sample.results);
    const std::string page = content_of(folder.path() / "report.html");
    EXPECT_TRUE(page.ends_with("</html>\n"));
    EXPECT_EQ(page.find("figure-funnel"), std::string::npos);
    EXPECT_EQ(std::filesystem::exists(folder.path() / "figure-funnel.svg"), sentences >= 20);
  }
}

TEST(RenderReport, SaysWhatIsWrong) {
  SampleReport sample(50);
  sample.results.manifest.length_below = 80;
  const TemporaryFolder folder;
  write_table(folder.path(), sample);
  sample.results.manifest.length_below = 5;
  try {
    write_report(folder.path(), sample.results);
    FAIL() << "a table of other sentences was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("results.json tells of 50"));
  }
  EXPECT_THROW(render_report(folder.path() / "nowhere"), Error);
}

}  // namespace
}  // namespace normscope
