#include "report/measurement_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "normscope/error.h"
#include "normscope/measure.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::ElementsAre;

/// Two row groups.
std::filesystem::path table(const TemporaryFolder& folder) {
  const std::filesystem::path path = folder.path() / "measurements.parquet";
  const std::vector<Measurement> first{{.index = 3, .text = "one", .tokens = 5, .norm = 1.5},
                                       {.index = 4, .text = "two", .tokens = 6, .norm = 2.5}};
  const std::vector<Measurement> second{{.index = 9, .text = "three", .tokens = 7, .norm = 3.5}};
  MeasurementWriter writer(path);
  writer.append(first);
  writer.append(second);
  writer.close();
  return path;
}

TEST(MeasurementTable, ColumnsAndTextsAcrossRowGroups) {
  const TemporaryFolder folder;
  const MeasurementTable read(table(folder));
  EXPECT_THAT(read.numbers("tokens"), ElementsAre(5, 6, 7));
  EXPECT_THAT(read.numbers("norm"), ElementsAre(1.5, 2.5, 3.5));
  EXPECT_THAT(read.numbers("index"), ElementsAre(3, 4, 9));
  EXPECT_THAT(read.texts(std::vector<std::uint64_t>{0, 1, 2}, 100),
              ElementsAre("one", "two", "three"));
  EXPECT_THAT(read.texts(std::vector<std::uint64_t>{2}, 4), ElementsAre("thre"));
  EXPECT_THAT(read.texts(std::vector<std::uint64_t>{1}, 4), ElementsAre("two"));
  EXPECT_THAT(read.texts({}, 4), ElementsAre());
}

TEST(MeasurementTable, KnowsWhatIsANumber) {
  const TemporaryFolder folder;
  const MeasurementTable read(table(folder));
  EXPECT_TRUE(read.has("tokens") && read.has("norm"));
  EXPECT_FALSE(read.has("text") || read.has("truncated") || read.has("layer6.cls.l2"));
  EXPECT_THROW(static_cast<void>(read.numbers("text")), Error);
  EXPECT_THROW(static_cast<void>(read.numbers("nothing")), Error);
  EXPECT_THROW(MeasurementTable(folder.path() / "nothing"), Error);
}

}  // namespace
}  // namespace normscope
