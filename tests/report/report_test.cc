#include "normscope/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "normscope/measure.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

void write_table(const std::filesystem::path& folder, const SampleReport& sample) {
  std::vector<Measurement> rows;
  for (std::size_t i = 0; i < sample.lengths.size(); ++i) {
    rows.push_back({.index = i,
                    .text = "Sentence " + std::to_string(i),
                    .tokens = static_cast<std::uint32_t>(sample.lengths[i]),
                    .norm = sample.norms[i]});
  }
  MeasurementWriter writer(folder / "measurements.parquet");
  writer.append(rows);
  writer.close();
}

TEST(WriteReport, EveryFileAndItsOwnTime) {
  SampleReport sample(500);
  sample.report.manifest.length_below = 80;
  const TemporaryFolder folder;
  write_table(folder.path(), sample);
  write_report(folder.path(), sample.report);
  EXPECT_THAT(folder.files(),
              ElementsAre("figure-funnel.pdf", "figure-funnel.png", "figure-funnel.svg",
                          "figure.pdf", "figure.png", "figure.svg", "measurements.parquet",
                          "report.html", "report.md", "results.json"));
  const auto results = nlohmann::json::parse(content_of(folder.path() / "results.json"));
  const double seconds = results["manifest"]["timings_s"]["report"].get<double>();
  EXPECT_GT(seconds, 0);
  EXPECT_EQ(seconds, sample.report.manifest.timings.report);
}

TEST(WriteReport, OfFewSentences) {
  for (const std::size_t sentences : {0U, 1U, 2U, 3U, 19U, 20U}) {
    SCOPED_TRACE(sentences);
    SampleReport sample(sentences);
    sample.report.manifest.length_below = 80;
    const TemporaryFolder folder;
    write_table(folder.path(), sample);
    write_report(folder.path(), sample.report);
    const std::string page = content_of(folder.path() / "report.html");
    EXPECT_TRUE(page.ends_with("</html>\n"));
    EXPECT_EQ(page.find("figure-funnel"), std::string::npos);
    EXPECT_EQ(std::filesystem::exists(folder.path() / "figure-funnel.svg"), sentences >= 20);
  }
}

TEST(RenderReport, SaysWhatIsWrong) {
  SampleReport sample(50);
  sample.report.manifest.length_below = 80;
  const TemporaryFolder folder;
  write_table(folder.path(), sample);
  sample.report.manifest.length_below = 5;
  try {
    write_report(folder.path(), sample.report);
    FAIL() << "a table of other sentences was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("results.json tells of 50"));
  }
  EXPECT_THROW(render_report(folder.path() / "nowhere"), Error);
}

}  // namespace
}  // namespace normscope
