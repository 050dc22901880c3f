#include <arrow/array.h>
#include <arrow/buffer.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "measure/arrow_status.h"
#include "normscope/vector_files.h"

namespace normscope {
namespace {

// Rows of a record batch, which a reader holds in memory at once.
constexpr std::size_t kRowsPerBatch = 8192;

std::shared_ptr<arrow::Schema> schema_of(std::span<const PointToWrite> points) {
  arrow::FieldVector fields{arrow::field("index", arrow::uint64(), false)};
  for (const PointToWrite& point : points) {
    const auto list = arrow::fixed_size_list(arrow::field("item", arrow::float32(), false),
                                             static_cast<std::int32_t>(point.width));
    fields.push_back(arrow::field(name(point.point), list, false));
  }
  return arrow::schema(std::move(fields));
}

// An array over the rows in memory, without a copy.
std::shared_ptr<arrow::RecordBatch> batch_of(const std::shared_ptr<arrow::Schema>& schema,
                                             std::span<const std::size_t> widths,
                                             const KeptVectors& vectors, std::size_t first,
                                             std::size_t count) {
  const auto rows = static_cast<std::int64_t>(count);
  arrow::ArrayVector columns{std::make_shared<arrow::UInt64Array>(
      rows, arrow::Buffer::Wrap(vectors.indices.data() + first, count))};
  for (std::size_t point = 0; point < widths.size(); ++point) {
    const std::size_t width = widths[point];
    const auto values = std::make_shared<arrow::FloatArray>(
        static_cast<std::int64_t>(count * width),
        arrow::Buffer::Wrap(vectors.points[point].data() + first * width, count * width));
    columns.push_back(std::make_shared<arrow::FixedSizeListArray>(
        schema->field(static_cast<int>(columns.size()))->type(), rows, values));
  }
  return arrow::RecordBatch::Make(schema, rows, columns);
}

}  // namespace

struct ArrowVectorWriter::State {
  std::filesystem::path path;
  /// Of the points' vectors.
  std::vector<std::size_t> widths;
  std::shared_ptr<arrow::Schema> schema;
  std::shared_ptr<arrow::io::FileOutputStream> file;
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer;
};

ArrowVectorWriter::ArrowVectorWriter(const std::filesystem::path& path,
                                     std::span<const PointToWrite> points)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  for (const PointToWrite& point : points) state_->widths.push_back(point.width);
  state_->schema = schema_of(points);
  state_->file = value_of(path, arrow::io::FileOutputStream::Open(path.string()));
  state_->writer = value_of(path, arrow::ipc::MakeFileWriter(state_->file, state_->schema));
}
ArrowVectorWriter::ArrowVectorWriter(ArrowVectorWriter&&) noexcept = default;
ArrowVectorWriter& ArrowVectorWriter::operator=(ArrowVectorWriter&&) noexcept = default;
ArrowVectorWriter::~ArrowVectorWriter() = default;

void ArrowVectorWriter::append(const KeptVectors& vectors) {
  const std::size_t rows = vectors.indices.size();
  const auto fits = [&](const std::vector<float>& point, std::size_t width) {
    return point.size() == rows * width;
  };
  if (!std::ranges::equal(vectors.points, state_->widths, fits)) {
    throw std::invalid_argument("vectors of other points");
  }
  for (std::size_t first = 0; first < rows; first += kRowsPerBatch) {
    const std::size_t count = std::min(kRowsPerBatch, rows - first);
    check(state_->path, state_->writer->WriteRecordBatch(
                            *batch_of(state_->schema, state_->widths, vectors, first, count)));
  }
}

void ArrowVectorWriter::close() {
  check(state_->path, state_->writer->Close());
  check(state_->path, state_->file->Close());
}

}  // namespace normscope
