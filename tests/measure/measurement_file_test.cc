#include <arrow/io/file.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "normscope/error.h"
#include "normscope/measure.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

void expect_same(const std::vector<Measurement>& actual, const std::vector<Measurement>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_EQ(actual[i].index, expected[i].index);
    EXPECT_EQ(actual[i].text, expected[i].text);
    EXPECT_EQ(actual[i].tokens, expected[i].tokens);
    EXPECT_EQ(actual[i].tokens_read, expected[i].tokens_read);
    EXPECT_EQ(actual[i].truncated, expected[i].truncated);
    EXPECT_EQ(actual[i].properties, expected[i].properties);
    EXPECT_EQ(actual[i].statistics.front(), expected[i].statistics.front());
  }
}

std::vector<Measurement> sample(std::size_t sentences) {
  std::vector<Measurement> rows;
  for (std::size_t i = 0; i < sentences; ++i) {
    rows.push_back({.index = 3 * i,
                    .text = "Sentence " + std::to_string(i) + " é",
                    .tokens = static_cast<std::uint32_t>(i % 79),
                    .tokens_read = static_cast<std::uint32_t>(i % 50),
                    .truncated = i % 7 == 0,
                    .statistics = {14 + 1.0 / static_cast<double>(i + 1)}});
  }
  return rows;
}

class MeasurementFileTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path write(std::span<const Measurement> rows,
                                            const Metadata& metadata = {}) const {
    const auto path = folder_.path() / "rows.parquet";
    MeasurementWriter writer(path);
    writer.append(rows);
    writer.close(metadata);
    return path;
  }

  static std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const TemporaryFolder folder_;
};

TEST_F(MeasurementFileTest, RowForRowInRowGroups) {
  const auto rows = sample(150'000);
  const auto path = write(rows);
  expect_same(read_measurements(path).rows, rows);
  // As any other reader sees it.
  const auto reader = parquet::arrow::OpenFile(arrow::io::ReadableFile::Open(path).ValueOrDie(),
                                               arrow::default_memory_pool())
                          .ValueOrDie();
  EXPECT_EQ(reader->num_row_groups(), 3);
  EXPECT_EQ(reader->ReadTable().ValueOrDie()->schema()->ToString(),
            "index: uint64 not null\ntext: string not null\ntokens: uint32 not null\n"
            "tokens_read: uint32 not null\ntruncated: bool not null\nnorm: double not null");
}

TEST_F(MeasurementFileTest, NumbersAtTheirEnds) {
  const std::vector<Measurement> rows{
      {.index = 0, .text = "", .tokens = 0, .truncated = false, .statistics = {0}},
      {.index = std::numeric_limits<std::uint64_t>::max(),
       .text = std::string("\0\n狐", 5),
       .tokens = std::numeric_limits<std::uint32_t>::max(),
       .truncated = true,
       .statistics = {std::numeric_limits<double>::denorm_min()}},
      {.index = 5,
       .text = "a",
       .tokens = 1,
       .truncated = false,
       .statistics = {std::numeric_limits<double>::infinity()}}};
  expect_same(read_measurements(write(rows)).rows, rows);
}

TEST_F(MeasurementFileTest, ColumnsOfTheCorpus) {
  std::vector<Measurement> rows = sample(3);
  for (Measurement& row : rows) row.statistics.push_back(-1);
  rows[0].numbers = {1.5, 0};
  rows[1].numbers = {std::nan(""), -1};
  rows[2].numbers = {std::nan(""), std::nan("")};
  const auto path = folder_.path() / "rows.parquet";
  MeasurementWriter writer(path,
                           {.statistics = {"norm", "layer1.cls.l1"}, .numbers = {"a.b", "x y"}});
  writer.append(rows);
  rows[2].numbers.pop_back();
  EXPECT_THROW(writer.append(rows), std::invalid_argument);
  writer.close();
  const MeasurementFile read = read_measurements(path);
  EXPECT_THAT(read.columns.statistics, testing::ElementsAre("norm", "layer1.cls.l1"));
  EXPECT_THAT(read.columns.numbers, testing::ElementsAre("a.b", "x y"));
  expect_same(read.rows, rows);
  EXPECT_THAT(read.rows[0].numbers, testing::ElementsAre(1.5, 0));
  EXPECT_THAT(read.rows[1].numbers, testing::ElementsAre(testing::IsNan(), -1));
  EXPECT_THAT(read.rows[2].numbers, testing::ElementsAre(testing::IsNan(), testing::IsNan()));
  const auto reader = parquet::arrow::OpenFile(arrow::io::ReadableFile::Open(path).ValueOrDie(),
                                               arrow::default_memory_pool())
                          .ValueOrDie();
  const auto column = reader->ReadTable().ValueOrDie()->GetColumnByName("column:a.b");
  ASSERT_TRUE(column);
  EXPECT_EQ(column->null_count(), 2);
}

TEST_F(MeasurementFileTest, PropertiesStandBesideTheStatistics) {
  std::vector<Measurement> rows = sample(3);
  for (Measurement& row : rows) row.properties = {2, 0.5};
  const auto path = folder_.path() / "rows.parquet";
  MeasurementWriter writer(path,
                           {.statistics = {"norm"}, .properties = {"words", "capital_share"}});
  writer.append(rows);
  rows[0].properties = {2};
  EXPECT_THROW(writer.append(rows), std::invalid_argument);
  rows[0].properties = {2, 0.5};
  writer.close();
  const MeasurementFile read = read_measurements(path);
  EXPECT_THAT(read.columns.statistics, testing::ElementsAre("norm"));
  EXPECT_THAT(read.columns.properties, testing::ElementsAre("words", "capital_share"));
  expect_same(read.rows, rows);
}

TEST_F(MeasurementFileTest, NoRows) { EXPECT_TRUE(read_measurements(write({})).rows.empty()); }

TEST_F(MeasurementFileTest, InParts) {
  const auto rows = sample(1000);
  const auto path = folder_.path() / "parts.parquet";
  MeasurementWriter writer(path);
  writer.append(std::span(rows).first(300));
  writer.append({});
  writer.append(std::span(rows).subspan(300));
  writer.close();
  expect_same(read_measurements(path).rows, rows);
}

TEST_F(MeasurementFileTest, MetadataComesBack) {
  const Metadata metadata{{"a", "1"}, {"b", std::string("é\n\0x", 5)}};
  const Metadata read = read_measurements(write(sample(3), metadata)).metadata;
  for (const auto& [key, value] : metadata) EXPECT_EQ(read.at(key), value);
}

TEST_F(MeasurementFileTest, TheSameBytesEachTime) {
  const auto rows = sample(1000);
  const std::string first = content_of(write(rows));
  EXPECT_EQ(content_of(write(rows)), first);
}

TEST_F(MeasurementFileTest, MuchTextMakesSmallerGroups) {
  std::vector<Measurement> rows(5);
  for (Measurement& row : rows) {
    row.text.assign(std::size_t{30} << 20, 'a');
    row.statistics = {1};
  }
  expect_same(read_measurements(write(rows)).rows, rows);
}

TEST_F(MeasurementFileTest, WhatIsNoSuchFileIsRefused) {
  EXPECT_THROW(MeasurementWriter("/nonexistent/folder/rows.parquet"), Error);
  EXPECT_THROW(read_measurements(folder_.path() / "none.parquet"), Error);
  EXPECT_THROW(read_measurements(folder_.write("text", "no Parquet file")), Error);
  const std::string whole = content_of(write(sample(1000)));
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{4}, whole.size() / 2, whole.size() - 1}) {
    EXPECT_THROW(read_measurements(folder_.write("cut", whole.substr(0, size))), Error) << size;
  }
}

}  // namespace
}  // namespace normscope
