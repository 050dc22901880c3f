#include "normscope/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sample_report.h"

namespace normscope {
namespace {

TEST(WriteReport, EveryFileAndItsOwnTime) {
  SampleReport sample(500);
  const TemporaryFolder folder;
  write_report(folder.path(), sample.report);
  EXPECT_THAT(folder.files(),
              testing::ElementsAre("figure.pdf", "figure.png", "figure.svg", "results.json"));
  const auto results = nlohmann::json::parse(content_of(folder.path() / "results.json"));
  const double seconds = results["manifest"]["timings_s"]["report"].get<double>();
  EXPECT_GT(seconds, 0);
  EXPECT_EQ(seconds, sample.report.manifest.timings.report);
}

}  // namespace
}  // namespace normscope
