#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "normscope/report.h"
#include "sample_report.h"

namespace normscope {
namespace {

using testing::ElementsAre;

struct Table {
  std::shared_ptr<arrow::Schema> schema;
  int row_groups = 0;
  std::vector<Measurement> rows;
};

Table read(const std::filesystem::path& path) {
  auto reader = parquet::arrow::OpenFile(arrow::io::ReadableFile::Open(path).ValueOrDie(),
                                         arrow::default_memory_pool())
                    .ValueOrDie();
  Table result;
  result.row_groups = reader->num_row_groups();
  const std::shared_ptr<arrow::Table> table =
      reader->ReadTable().ValueOrDie()->CombineChunks().ValueOrDie();
  result.schema = table->schema();
  if (table->num_rows() == 0) return result;
  const auto& index = static_cast<const arrow::UInt64Array&>(*table->column(0)->chunk(0));
  const auto& text = static_cast<const arrow::StringArray&>(*table->column(1)->chunk(0));
  const auto& tokens = static_cast<const arrow::UInt32Array&>(*table->column(2)->chunk(0));
  const auto& truncated = static_cast<const arrow::BooleanArray&>(*table->column(3)->chunk(0));
  const auto& norm = static_cast<const arrow::DoubleArray&>(*table->column(4)->chunk(0));
  for (std::int64_t i = 0; i < table->num_rows(); ++i) {
    result.rows.push_back({.index = index.Value(i),
                           .text = text.GetString(i),
                           .tokens = tokens.Value(i),
                           .truncated = truncated.Value(i),
                           .norm = norm.Value(i)});
  }
  return result;
}

void expect_same(const std::vector<Measurement>& actual, const std::vector<Measurement>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_EQ(actual[i].index, expected[i].index);
    EXPECT_EQ(actual[i].text, expected[i].text);
    EXPECT_EQ(actual[i].tokens, expected[i].tokens);
    EXPECT_EQ(actual[i].truncated, expected[i].truncated);
    EXPECT_EQ(actual[i].norm, expected[i].norm);
  }
}

TEST(WriteMeasurements, RowForRowInRowGroups) {
  const SampleReport sample(150'000);
  const TemporaryFolder folder;
  write_measurements(folder.path(), sample.measurements);
  EXPECT_THAT(folder.files(), ElementsAre("measurements.parquet"));
  const Table table = read(folder.path() / "measurements.parquet");
  EXPECT_EQ(table.row_groups, 3);
  EXPECT_EQ(table.schema->ToString(),
            "index: uint64 not null\ntext: string not null\ntokens: uint32 not null\n"
            "truncated: bool not null\nnorm: double not null");
  expect_same(table.rows, sample.measurements);
}

TEST(WriteMeasurements, NumbersAtTheirEnds) {
  const std::vector<Measurement> rows{
      {.index = 0, .text = "", .tokens = 0, .truncated = false, .norm = 0},
      {.index = std::numeric_limits<std::uint64_t>::max(),
       .text = std::string("\0\n狐", 5),
       .tokens = std::numeric_limits<std::uint32_t>::max(),
       .truncated = true,
       .norm = std::numeric_limits<double>::denorm_min()},
      {.index = 5,
       .text = "a",
       .tokens = 1,
       .truncated = false,
       .norm = std::numeric_limits<double>::infinity()}};
  const TemporaryFolder folder;
  write_measurements(folder.path(), rows);
  expect_same(read(folder.path() / "measurements.parquet").rows, rows);
}

TEST(WriteMeasurements, NoRows) {
  const TemporaryFolder folder;
  write_measurements(folder.path(), {});
  const Table table = read(folder.path() / "measurements.parquet");
  EXPECT_EQ(table.schema->num_fields(), 5);
  EXPECT_TRUE(table.rows.empty());
}

TEST(WriteMeasurements, TheSameBytesEachTime) {
  const SampleReport sample(1000);
  const TemporaryFolder first;
  const TemporaryFolder second;
  write_measurements(first.path(), sample.measurements);
  write_measurements(second.path(), sample.measurements);
  EXPECT_EQ(content_of(first.path() / "measurements.parquet"),
            content_of(second.path() / "measurements.parquet"));
}

TEST(WriteMeasurements, MuchTextMakesSmallerGroups) {
  std::vector<Measurement> rows(5);
  for (Measurement& row : rows) row.text.assign(std::size_t{30} << 20, 'a');
  const TemporaryFolder folder;
  write_measurements(folder.path(), rows);
  const Table table = read(folder.path() / "measurements.parquet");
  EXPECT_EQ(table.row_groups, 3);
  expect_same(table.rows, rows);
}

TEST(WriteMeasurements, NoFolder) {
  const SampleReport sample(10);
  EXPECT_THROW(write_measurements("/nonexistent/folder", sample.measurements), Error);
}

}  // namespace
}  // namespace normscope
