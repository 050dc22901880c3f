#include "corpus/parquet_file.h"

#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/type.h>
#include <fcntl.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/properties.h>
#include <parquet/schema.h>

#include <cerrno>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/sha256.h"
#include "corpus/batch_reader.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::int64_t kRows = 1024;
constexpr std::int64_t kStreamBuffer = 256 << 10;

// A file's batches; Arrow wants the file to live as long.
class FileBatches : public arrow::RecordBatchReader {
 public:
  FileBatches(std::unique_ptr<parquet::arrow::FileReader> file,
              std::unique_ptr<arrow::RecordBatchReader> batches)
      : file_(std::move(file)), batches_(std::move(batches)) {}

  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override {
    return batches_->schema();
  }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    return batches_->ReadNext(batch);
  }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::unique_ptr<arrow::RecordBatchReader> batches_;
};

parquet::ReaderProperties reading() {
  parquet::ReaderProperties properties(arrow::default_memory_pool());
  properties.enable_buffered_stream();
  properties.set_buffer_size(kStreamBuffer);
  properties.set_page_checksum_verification(true);  // if a page has one
  return properties;
}

// Of a descriptor of its own.
arrow::Result<std::shared_ptr<arrow::io::ReadableFile>> bytes_of(const ByteSource& source) {
  const std::optional<int> original = source.random_access();
  if (!original) {
    throw Error(source.name(),
                "Parquet has its table of contents at the end, so it is read from a file only, and "
                "one that is not compressed as a whole");
  }
  const int descriptor = ::fcntl(*original, F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) throw Error(source.name(), std::strerror(errno));
  return arrow::io::ReadableFile::Open(descriptor);
}

// Parquet's numbers of the columns.
arrow::Result<std::vector<int>> leaves_of(const ArrowColumns& columns,
                                          parquet::arrow::FileReader& file) {
  const auto metadata = file.parquet_reader()->metadata();
  std::vector<int> leaves;
  const auto add = [&](const ArrowColumn& column) {
    const int leaf = metadata->schema()->ColumnIndex(column.name);
    if (leaf < 0) {
      return arrow::Status::Invalid("the column ", column.name, " is not stored plainly");
    }
    leaves.push_back(leaf);
    return arrow::Status::OK();
  };
  ARROW_RETURN_NOT_OK(add(columns.text));
  for (const ArrowColumn& column : columns.numbers) ARROW_RETURN_NOT_OK(add(column));
  return leaves;
}

arrow::Result<std::unique_ptr<TextReader>> open(const ByteSource& source,
                                                const ColumnChoice& wanted,
                                                const std::optional<int> row_group) {
  ARROW_ASSIGN_OR_RAISE(auto bytes, bytes_of(source));
  parquet::ArrowReaderProperties to_arrow(/*use_threads=*/false);
  to_arrow.set_pre_buffer(false);
  to_arrow.set_batch_size(kRows);
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(std::move(bytes), reading()));
  builder.properties(to_arrow);
  std::unique_ptr<parquet::arrow::FileReader> file;
  ARROW_RETURN_NOT_OK(builder.Build(&file));

  std::shared_ptr<arrow::Schema> schema;
  ARROW_RETURN_NOT_OK(file->GetSchema(&schema));
  const ArrowColumns columns = choose_columns(source.name(), *schema, wanted);
  ARROW_ASSIGN_OR_RAISE(const std::vector<int> leaves, leaves_of(columns, *file));
  std::vector<int> row_groups(static_cast<std::size_t>(file->num_row_groups()));
  std::iota(row_groups.begin(), row_groups.end(), 0);
  if (row_group) row_groups = {*row_group};
  ARROW_ASSIGN_OR_RAISE(auto batches, file->GetRecordBatchReader(row_groups, leaves));
  return std::make_unique<BatchReader>(
      source.name(), std::make_shared<FileBatches>(std::move(file), std::move(batches)), columns);
}

arrow::Result<ParquetContents> read_contents(const ByteSource& source) {
  ARROW_ASSIGN_OR_RAISE(auto bytes, bytes_of(source));
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(std::move(bytes), reading()));
  std::unique_ptr<parquet::arrow::FileReader> file;
  ARROW_RETURN_NOT_OK(builder.Build(&file));
  const auto metadata = file->parquet_reader()->metadata();
  ParquetContents contents;
  for (int group = 0; group < metadata->num_row_groups(); ++group) {
    const std::int64_t rows = metadata->RowGroup(group)->num_rows();
    if (rows < 0) return arrow::Status::Invalid("row group ", group, " has ", rows, " rows");
    contents.row_groups.push_back(static_cast<std::uint64_t>(rows));
  }
  Sha256 hash;
  hash.update(metadata->SerializeToString());
  contents.sha256 = hash.finish();
  return contents;
}

}  // namespace

std::unique_ptr<TextReader> read_parquet(const ByteSource& source, const ColumnChoice& wanted,
                                         std::optional<int> row_group) {
  auto reader = open(source, wanted, row_group);
  if (!reader.ok()) throw Error(source.name(), reader.status().message());
  return *std::move(reader);
}

ParquetContents parquet_contents(const ByteSource& source) {
  auto contents = read_contents(source);
  if (!contents.ok()) throw Error(source.name(), contents.status().message());
  return *std::move(contents);
}

}  // namespace normscope
