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
  if (ArrowTexts::can_read(type)) return Holds::bytes;
  if (type.id() == arrow::Type::BOOL) return Holds::booleans;
  return holds_numbers(type) ? Holds::numbers : Holds::other;
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

arrow::Result<std::shared_ptr<arrow::Array>> array_of(const arrow::RecordBatch& batch,
                                                      const ArrowColumn& column) {
  std::shared_ptr<arrow::Array> array = batch.column(column.path.front());
  for (std::size_t level = 1; level < column.path.size(); ++level) {
    const auto& above = static_cast<const arrow::StructArray&>(*array);
    ARROW_ASSIGN_OR_RAISE(array, above.GetFlattenedField(column.path[level]));
  }
  return array;
}

}  // namespace

ArrowColumns choose_columns(const std::string& file, const arrow::Schema& schema,
                            const ColumnChoice& wanted) {
  Listing listing;
  list(schema.fields(), {}, {}, listing);
  const auto at = [&](std::size_t chosen) {
    return ArrowColumn{.path = listing.paths[chosen], .name = name(listing.columns[chosen])};
  };
  ArrowColumns columns{.text = at(choose_column(file, listing.columns, wanted.text)),
                       .numbers = {}};
  for (const std::string& numbers : wanted.numbers) {
    columns.numbers.push_back(at(find_number_column(file, listing.columns, numbers)));
  }
  return columns;
}

BatchReader::BatchReader(std::string file, std::shared_ptr<arrow::RecordBatchReader> batches,
                         const ArrowColumns& chosen)
    : file_(std::move(file)), batches_(std::move(batches)), numbers_(chosen.numbers.size()) {
  ColumnChoice again{.text = chosen.text.name, .numbers = {}};
  for (const ArrowColumn& column : chosen.numbers) again.numbers.push_back(column.name);
  columns_ = choose_columns(file_, *batches_->schema(), again);
}

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
    if (const auto status = take(*batch); !status.ok()) throw Error(file_, rows, status.message());
  }
  text = texts_[next_row_++];
  return true;
}

std::string BatchReader::place() const { return fmt::format("row {}", rows_before_ + next_row_); }

arrow::Status BatchReader::take(const arrow::RecordBatch& batch) {
  ARROW_RETURN_NOT_OK(batch.Validate());
  ARROW_ASSIGN_OR_RAISE(const auto text, array_of(batch, columns_.text));
  ARROW_ASSIGN_OR_RAISE(texts_, ArrowTexts::make(text));
  numbers_.start(static_cast<std::size_t>(batch.num_rows()));
  for (std::size_t i = 0; i < columns_.numbers.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(const auto array, array_of(batch, columns_.numbers[i]));
    ARROW_RETURN_NOT_OK(numbers_.put(i, *array));
  }
  return arrow::Status::OK();
}

}  // namespace normscope
