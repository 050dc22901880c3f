#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <stdexcept>
#include <utility>

#include "measure/arrow_status.h"
#include "normscope/error.h"
#include "normscope/measure.h"
#include "normscope/properties.h"

namespace normscope {
namespace {

// A row group is in memory at once; its text must also fit Arrow's 32-bit offsets.
constexpr std::size_t kRowsPerGroup = std::size_t{1} << 16;
constexpr std::size_t kTextPerGroup = std::size_t{64} << 20;

constexpr int kFixedColumns = 5;

std::shared_ptr<arrow::Schema> table_schema(const MeasuredColumns& columns) {
  arrow::FieldVector fields{arrow::field("index", arrow::uint64(), false),
                            arrow::field("text", arrow::utf8(), false),
                            arrow::field("tokens", arrow::uint32(), false),
                            arrow::field("tokens_read", arrow::uint32(), false),
                            arrow::field("truncated", arrow::boolean(), false)};
  for (const std::string& name : columns.statistics) {
    fields.push_back(arrow::field(name, arrow::float64(), false));
  }
  for (const std::string& name : columns.properties) {
    fields.push_back(arrow::field(name, arrow::float64(), false));
  }
  for (const std::string& name : columns.numbers) {
    fields.push_back(arrow::field(std::string(kCorpusColumn) + name, arrow::float64()));
  }
  return arrow::schema(std::move(fields));
}

std::shared_ptr<parquet::WriterProperties> writer_properties(const MeasuredColumns& columns) {
  parquet::WriterProperties::Builder properties;
  for (const auto codec : {arrow::Compression::ZSTD, arrow::Compression::SNAPPY}) {
    if (!arrow::util::Codec::IsAvailable(codec)) continue;
    properties.compression(codec);
    break;
  }
  // Hardly any value in these columns occurs twice.
  properties.disable_dictionary("index")->disable_dictionary("text");
  const auto disable_dictionary = [&](const std::string& name) {
    properties.disable_dictionary(
        std::make_shared<parquet::schema::ColumnPath>(std::vector<std::string>{name}));
  };
  for (const std::string& name : columns.statistics) disable_dictionary(name);
  for (const std::string& name : columns.numbers) {
    disable_dictionary(std::string(kCorpusColumn) + name);
  }
  properties.encoding("index", parquet::Encoding::DELTA_BINARY_PACKED);
  return properties.build();
}

/// How many of `rows` make the first row group.
std::size_t group_size(std::span<const Measurement> rows) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < std::min(rows.size(), kRowsPerGroup)) {
    bytes += rows[count].text.size();
    if (count > 0 && bytes > kTextPerGroup) break;
    ++count;
  }
  return count;
}

arrow::Result<std::shared_ptr<arrow::Table>> make_table(
    const std::shared_ptr<arrow::Schema>& schema, const MeasuredColumns& columns_of_file,
    std::span<const Measurement> rows) {
  arrow::UInt64Builder index;
  arrow::StringBuilder text;
  arrow::UInt32Builder tokens;
  arrow::UInt32Builder tokens_read;
  arrow::BooleanBuilder truncated;
  std::vector<arrow::DoubleBuilder> numbers(
      static_cast<std::size_t>(schema->num_fields() - kFixedColumns));
  for (const Measurement& row : rows) {
    ARROW_RETURN_NOT_OK(index.Append(row.index));
    ARROW_RETURN_NOT_OK(text.Append(row.text));
    ARROW_RETURN_NOT_OK(tokens.Append(row.tokens));
    ARROW_RETURN_NOT_OK(tokens_read.Append(row.tokens_read));
    ARROW_RETURN_NOT_OK(truncated.Append(row.truncated));
    if (row.statistics.size() != columns_of_file.statistics.size() ||
        row.properties.size() != columns_of_file.properties.size() ||
        row.numbers.size() != columns_of_file.numbers.size()) {
      throw std::invalid_argument("a row with other columns than its file's");
    }
    auto number = numbers.begin();
    for (const double value : row.statistics) ARROW_RETURN_NOT_OK((number++)->Append(value));
    for (const double value : row.properties) ARROW_RETURN_NOT_OK((number++)->Append(value));
    for (const double value : row.numbers) {
      ARROW_RETURN_NOT_OK(std::isnan(value) ? number->AppendNull() : number->Append(value));
      ++number;
    }
  }
  arrow::ArrayVector columns;
  std::vector<arrow::ArrayBuilder*> builders{&index, &text, &tokens, &tokens_read, &truncated};
  for (arrow::DoubleBuilder& builder : numbers) builders.push_back(&builder);
  for (arrow::ArrayBuilder* builder : builders) {
    ARROW_ASSIGN_OR_RAISE(auto column, builder->Finish());
    columns.push_back(std::move(column));
  }
  return arrow::Table::Make(schema, columns);
}

void append_rows(const arrow::RecordBatch& batch, const MeasuredColumns& columns,
                 std::vector<Measurement>& rows) {
  const auto& index = static_cast<const arrow::UInt64Array&>(*batch.column(0));
  const auto& text = static_cast<const arrow::StringArray&>(*batch.column(1));
  const auto& tokens = static_cast<const arrow::UInt32Array&>(*batch.column(2));
  const auto& tokens_read = static_cast<const arrow::UInt32Array&>(*batch.column(3));
  const auto& truncated = static_cast<const arrow::BooleanArray&>(*batch.column(4));
  for (std::int64_t i = 0; i < batch.num_rows(); ++i) {
    rows.push_back({.index = index.Value(i),
                    .text = text.GetString(i),
                    .tokens = tokens.Value(i),
                    .tokens_read = tokens_read.Value(i),
                    .truncated = truncated.Value(i),
                    .statistics = {},
                    .properties = {},
                    .numbers = {}});
  }
  for (int column = kFixedColumns; column < batch.num_columns(); ++column) {
    const auto& numbers = static_cast<const arrow::DoubleArray&>(*batch.column(column));
    auto row = rows.end() - batch.num_rows();
    for (std::int64_t i = 0; i < batch.num_rows(); ++i) {
      Measurement& measured = *row++;
      if (measured.statistics.size() < columns.statistics.size()) {
        measured.statistics.push_back(numbers.Value(i));
      } else if (measured.properties.size() < columns.properties.size()) {
        measured.properties.push_back(numbers.Value(i));
      } else {
        measured.numbers.push_back(numbers.IsNull(i) ? std::numeric_limits<double>::quiet_NaN()
                                                     : numbers.Value(i));
      }
    }
  }
}

bool is_property(const std::string& wanted) {
  return std::ranges::any_of(properties(),
                             [&](Property property) { return name(property) == wanted; });
}

MeasuredColumns columns_of(const arrow::Schema& schema) {
  MeasuredColumns columns{.statistics = {}, .properties = {}, .numbers = {}};
  for (int i = kFixedColumns; i < schema.num_fields(); ++i) {
    const std::string& name = schema.field(i)->name();
    if (name.starts_with(kCorpusColumn)) {
      columns.numbers.push_back(name.substr(kCorpusColumn.size()));
    } else if (is_property(name)) {
      columns.properties.push_back(name);
    } else {
      columns.statistics.push_back(name);
    }
  }
  return columns;
}

}  // namespace

struct MeasurementWriter::State {
  std::filesystem::path path;
  std::shared_ptr<arrow::Schema> schema;
  MeasuredColumns columns;
  std::shared_ptr<arrow::io::FileOutputStream> file;
  std::unique_ptr<parquet::arrow::FileWriter> writer;
};

MeasurementWriter::MeasurementWriter(const std::filesystem::path& path,
                                     const MeasuredColumns& columns)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->schema = table_schema(columns);
  state_->columns = columns;
  state_->file = value_of(path, arrow::io::FileOutputStream::Open(path.string()));
  state_->writer =
      value_of(path, parquet::arrow::FileWriter::Open(*state_->schema, arrow::default_memory_pool(),
                                                      state_->file, writer_properties(columns)));
}
MeasurementWriter::MeasurementWriter(MeasurementWriter&&) noexcept = default;
MeasurementWriter& MeasurementWriter::operator=(MeasurementWriter&&) noexcept = default;
MeasurementWriter::~MeasurementWriter() = default;

void MeasurementWriter::append(std::span<const Measurement> rows) {
  while (!rows.empty()) {
    const std::size_t count = group_size(rows);
    const auto table =
        value_of(state_->path, make_table(state_->schema, state_->columns, rows.first(count)));
    check(state_->path, state_->writer->WriteTable(*table, static_cast<std::int64_t>(count)));
    rows = rows.subspan(count);
  }
}

void MeasurementWriter::close(const Metadata& metadata) {
  if (!metadata.empty()) {
    auto pairs = std::make_shared<arrow::KeyValueMetadata>();
    for (const auto& [key, value] : metadata) pairs->Append(key, value);
    check(state_->path, state_->writer->AddKeyValueMetadata(pairs));
  }
  check(state_->path, state_->writer->Close());
  check(state_->path, state_->file->Close());
}

MeasurementFile read_measurements(const std::filesystem::path& path) {
  const auto file = value_of(path, arrow::io::ReadableFile::Open(path.string()));
  const auto reader = value_of(path, parquet::arrow::OpenFile(file, arrow::default_memory_pool()));
  std::shared_ptr<arrow::Schema> schema;
  check(path, reader->GetSchema(&schema));
  MeasurementFile result{.columns = columns_of(*schema), .rows = {}, .metadata = {}};
  if (result.columns.statistics.empty() || !schema->Equals(*table_schema(result.columns), false)) {
    throw Error(path, "is not a table of measurements");
  }
  if (const auto pairs = reader->parquet_reader()->metadata()->key_value_metadata()) {
    for (std::int64_t i = 0; i < pairs->size(); ++i)
      result.metadata[pairs->key(i)] = pairs->value(i);
  }
  // Batch by batch, because the number of rows that a row group claims may be false.
  const auto batches = value_of(path, reader->GetRecordBatchReader());
  for (std::shared_ptr<arrow::RecordBatch> batch;;) {
    check(path, batches->ReadNext(&batch));
    if (batch == nullptr) break;
    append_rows(*batch, result.columns, result.rows);
  }
  if (std::cmp_not_equal(result.rows.size(), reader->parquet_reader()->metadata()->num_rows())) {
    throw Error(path, "is not whole");
  }
  return result;
}

}  // namespace normscope
