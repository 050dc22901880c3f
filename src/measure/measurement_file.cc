#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "normscope/error.h"
#include "normscope/measure.h"

namespace normscope {
namespace {

// A row group is what is in memory at once; its text must also fit Arrow's 32-bit offsets.
constexpr std::size_t kRowsPerGroup = std::size_t{1} << 16;
constexpr std::size_t kTextPerGroup = std::size_t{64} << 20;

std::shared_ptr<arrow::Schema> table_schema() {
  return arrow::schema({arrow::field("index", arrow::uint64(), false),
                        arrow::field("text", arrow::utf8(), false),
                        arrow::field("tokens", arrow::uint32(), false),
                        arrow::field("truncated", arrow::boolean(), false),
                        arrow::field("norm", arrow::float64(), false)});
}

std::shared_ptr<parquet::WriterProperties> writer_properties() {
  parquet::WriterProperties::Builder properties;
  for (const auto codec : {arrow::Compression::ZSTD, arrow::Compression::SNAPPY}) {
    if (!arrow::util::Codec::IsAvailable(codec)) continue;
    properties.compression(codec);
    break;
  }
  // Hardly a value in these columns comes twice.
  properties.disable_dictionary("index")->disable_dictionary("text")->disable_dictionary("norm");
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
    const std::shared_ptr<arrow::Schema>& schema, std::span<const Measurement> rows) {
  arrow::UInt64Builder index;
  arrow::StringBuilder text;
  arrow::UInt32Builder tokens;
  arrow::BooleanBuilder truncated;
  arrow::DoubleBuilder norm;
  for (const Measurement& row : rows) {
    ARROW_RETURN_NOT_OK(index.Append(row.index));
    ARROW_RETURN_NOT_OK(text.Append(row.text));
    ARROW_RETURN_NOT_OK(tokens.Append(row.tokens));
    ARROW_RETURN_NOT_OK(truncated.Append(row.truncated));
    ARROW_RETURN_NOT_OK(norm.Append(row.norm));
  }
  arrow::ArrayVector columns;
  for (arrow::ArrayBuilder* builder :
       std::initializer_list<arrow::ArrayBuilder*>{&index, &text, &tokens, &truncated, &norm}) {
    ARROW_ASSIGN_OR_RAISE(auto column, builder->Finish());
    columns.push_back(std::move(column));
  }
  return arrow::Table::Make(schema, columns);
}

[[noreturn]] void fail(const std::filesystem::path& path, const arrow::Status& status) {
  throw Error(path, status.message());
}

void check(const std::filesystem::path& path, const arrow::Status& status) {
  if (!status.ok()) fail(path, status);
}

template <typename Value>
Value value_of(const std::filesystem::path& path, arrow::Result<Value> result) {
  if (!result.ok()) fail(path, result.status());
  return std::move(result).ValueUnsafe();
}

void append_rows(const arrow::Table& table, std::vector<Measurement>& rows) {
  const auto& index = static_cast<const arrow::UInt64Array&>(*table.column(0)->chunk(0));
  const auto& text = static_cast<const arrow::StringArray&>(*table.column(1)->chunk(0));
  const auto& tokens = static_cast<const arrow::UInt32Array&>(*table.column(2)->chunk(0));
  const auto& truncated = static_cast<const arrow::BooleanArray&>(*table.column(3)->chunk(0));
  const auto& norm = static_cast<const arrow::DoubleArray&>(*table.column(4)->chunk(0));
  for (std::int64_t i = 0; i < table.num_rows(); ++i) {
    rows.push_back({.index = index.Value(i),
                    .text = text.GetString(i),
                    .tokens = tokens.Value(i),
                    .truncated = truncated.Value(i),
                    .norm = norm.Value(i)});
  }
}

}  // namespace

struct MeasurementWriter::State {
  std::filesystem::path path;
  std::shared_ptr<arrow::Schema> schema = table_schema();
  std::shared_ptr<arrow::io::FileOutputStream> file;
  std::unique_ptr<parquet::arrow::FileWriter> writer;
};

MeasurementWriter::MeasurementWriter(const std::filesystem::path& path)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->file = value_of(path, arrow::io::FileOutputStream::Open(path.string()));
  state_->writer =
      value_of(path, parquet::arrow::FileWriter::Open(*state_->schema, arrow::default_memory_pool(),
                                                      state_->file, writer_properties()));
}
MeasurementWriter::MeasurementWriter(MeasurementWriter&&) noexcept = default;
MeasurementWriter& MeasurementWriter::operator=(MeasurementWriter&&) noexcept = default;
MeasurementWriter::~MeasurementWriter() = default;

void MeasurementWriter::append(std::span<const Measurement> rows) {
  while (!rows.empty()) {
    const std::size_t count = group_size(rows);
    const auto table = value_of(state_->path, make_table(state_->schema, rows.first(count)));
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
  if (!schema->Equals(*table_schema(), false)) {
    throw Error(path, "is not a table of measurements");
  }
  MeasurementFile result;
  if (const auto pairs = reader->parquet_reader()->metadata()->key_value_metadata()) {
    for (std::int64_t i = 0; i < pairs->size(); ++i)
      result.metadata[pairs->key(i)] = pairs->value(i);
  }
  for (int group = 0; group < reader->num_row_groups(); ++group) {
    const auto table = value_of(path, reader->ReadRowGroup(group));
    if (table->num_rows() == 0) continue;
    append_rows(*value_of(path, table->CombineChunks()), result.rows);
  }
  return result;
}

}  // namespace normscope
