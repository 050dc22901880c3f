#include "corpus/batch_reader.h"

#include <arrow/array/array_nested.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include <utility>

#include "corpus/column.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::size_t kDeepest = 16;

Holds holds(const arrow::DataType& type) {
  const auto& values = type.id() == arrow::Type::DICTIONARY
                           ? *static_cast<const arrow::DictionaryType&>(type).value_type()
                           : type;
  if (arrow::is_string(values.id()) || values.id() == arrow::Type::STRING_VIEW) return Holds::text;
  return ArrowTexts::can_read(type) ? Holds::bytes : Holds::other;
}

struct Listing {
  std::vector<Column> columns;
  std::vector<std::vector<int>> paths;
};

void list(const arrow::FieldVector& fields, const Column& above, const std::vector<int>& path_above,
          Listing& listing) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Column column = above;
    column.path.push_back(fields[i]->name());
    std::vector<int> path = path_above;
    path.push_back(static_cast<int>(i));
    const arrow::DataType& type = *fields[i]->type();
    if (type.id() == arrow::Type::STRUCT && path.size() < kDeepest) {
      list(type.fields(), column, path, listing);
      continue;
    }
    column.holds = holds(type);
    listing.columns.push_back(std::move(column));
    listing.paths.push_back(std::move(path));
  }
}

}  // namespace

ArrowColumn choose_column(const std::string& file, const arrow::Schema& schema,
                          const std::optional<std::string>& wanted) {
  Listing listing;
  list(schema.fields(), {}, {}, listing);
  const std::size_t chosen = choose_column(file, listing.columns, wanted);
  return {.path = listing.paths[chosen], .name = name(listing.columns[chosen])};
}

BatchReader::BatchReader(std::string file, std::shared_ptr<arrow::RecordBatchReader> batches,
                         ArrowColumn column)
    : file_(std::move(file)), batches_(std::move(batches)), column_(std::move(column)) {}

bool BatchReader::next(std::string_view& text) {
  while (next_row_ == texts_.size()) {
    rows_before_ += texts_.size();
    texts_ = {};
    next_row_ = 0;
    std::shared_ptr<arrow::RecordBatch> batch;
    const std::string rows = fmt::format("row {} and on", rows_before_ + 1);
    if (const auto status = batches_->ReadNext(&batch); !status.ok()) {
      throw Error(file_, rows, status.message());
    }
    if (batch == nullptr) return false;
    auto texts = texts_of(*batch);
    if (!texts.ok()) throw Error(file_, rows, texts.status().message());
    texts_ = *std::move(texts);
  }
  text = texts_[next_row_++];
  return true;
}

std::string BatchReader::place() const { return fmt::format("row {}", rows_before_ + next_row_); }

arrow::Result<ArrowTexts> BatchReader::texts_of(const arrow::RecordBatch& batch) const {
  ARROW_RETURN_NOT_OK(batch.Validate());
  std::shared_ptr<arrow::Array> array = batch.column(column_.path.front());
  for (std::size_t level = 1; level < column_.path.size(); ++level) {
    const auto& above = static_cast<const arrow::StructArray&>(*array);
    ARROW_ASSIGN_OR_RAISE(array, above.GetFlattenedField(column_.path[level]));
  }
  return ArrowTexts::make(array);
}

}  // namespace normscope
