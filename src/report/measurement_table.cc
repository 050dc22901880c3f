#include "report/measurement_table.h"

#include <arrow/array.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/schema.h>

#include <algorithm>
#include <map>
#include <utility>

#include "corpus/arrow_numbers.h"
#include "measure/arrow_status.h"
#include "normscope/error.h"

namespace normscope {

struct MeasurementTable::State {
  std::filesystem::path path;
  std::unique_ptr<parquet::arrow::FileReader> reader;
  /// Parquet's index of each column that is not nested.
  std::map<std::string, int> columns;
  std::vector<std::uint64_t> rows_of_group;

  /// Calls `use` with the parts of a column of one row group, one after the other: the number of
  /// rows that the group claims may be false.
  template <typename Use>
  void each_part(std::size_t group, int column, const Use& use) const {
    std::uint64_t rows = 0;
    try {
      const auto parts =
          value_of(path, reader->GetRecordBatchReader({static_cast<int>(group)}, {column}));
      for (std::shared_ptr<arrow::RecordBatch> part;;) {
        check(path, parts->ReadNext(&part));
        if (part == nullptr) break;
        if (part->num_columns() != 1) throw Error(path, "has nested columns");
        check(path, part->ValidateFull());
        rows += static_cast<std::uint64_t>(part->num_rows());
        use(*part->column(0));
      }
    } catch (const parquet::ParquetException& error) {
      throw Error(path, error.what());
    }
    if (rows != rows_of_group[group]) {
      throw Error(path, fmt::format("row group {} is not whole", group));
    }
  }

  [[nodiscard]] int number_of(const std::string& column) const {
    const auto found = columns.find(column);
    if (found == columns.end()) throw Error(path, "has no column " + column);
    return found->second;
  }
};

MeasurementTable::MeasurementTable(const std::filesystem::path& path)
    : state_(std::make_unique<State>()) {
  state_->path = path;
  try {
    auto file = arrow::io::ReadableFile::Open(path.string());
    if (!file.ok()) throw Error(path, file.status().message());
    auto reader = parquet::arrow::OpenFile(*file, arrow::default_memory_pool());
    if (!reader.ok()) throw Error(path, reader.status().message());
    state_->reader = std::move(reader).ValueUnsafe();
    const auto metadata = state_->reader->parquet_reader()->metadata();
    for (int i = 0; i < metadata->num_columns(); ++i) {
      const parquet::ColumnDescriptor* column = metadata->schema()->Column(i);
      if (column->max_repetition_level() > 0 || column->path()->ToDotVector().size() != 1) continue;
      if (!state_->columns.emplace(column->name(), i).second) {
        throw Error(path, fmt::format("has two columns {}", column->name()));
      }
    }
    for (int group = 0; group < metadata->num_row_groups(); ++group) {
      const std::int64_t rows = metadata->RowGroup(group)->num_rows();
      if (rows < 0) throw Error(path, fmt::format("row group {} has {} rows", group, rows));
      state_->rows_of_group.push_back(static_cast<std::uint64_t>(rows));
    }
  } catch (const parquet::ParquetException& error) {
    throw Error(path, error.what());
  }
}
MeasurementTable::MeasurementTable(MeasurementTable&&) noexcept = default;
MeasurementTable& MeasurementTable::operator=(MeasurementTable&&) noexcept = default;
MeasurementTable::~MeasurementTable() = default;

bool MeasurementTable::has(const std::string& column) const {
  const auto found = state_->columns.find(column);
  if (found == state_->columns.end()) return false;
  const auto type = state_->reader->parquet_reader()
                        ->metadata()
                        ->schema()
                        ->Column(found->second)
                        ->physical_type();
  return type == parquet::Type::INT32 || type == parquet::Type::INT64 ||
         type == parquet::Type::FLOAT || type == parquet::Type::DOUBLE;
}

std::vector<double> MeasurementTable::numbers(const std::string& column) const {
  const int number = state_->number_of(column);
  std::vector<double> result;
  for (std::size_t group = 0; group < state_->rows_of_group.size(); ++group) {
    state_->each_part(group, number, [&](const arrow::Array& part) {
      const auto numbers = numbers_of(part);
      if (!numbers.ok()) {
        throw Error(state_->path, fmt::format("column {} does not hold numbers", column));
      }
      result.insert(result.end(), numbers->begin(), numbers->end());
    });
  }
  return result;
}

std::vector<std::string> MeasurementTable::texts(std::span<const std::uint64_t> rows,
                                                 std::size_t longest) const {
  const int number = state_->number_of("text");
  std::vector<std::string> result;
  result.reserve(rows.size());
  std::uint64_t first = 0;
  std::size_t next = 0;
  for (std::size_t group = 0; group < state_->rows_of_group.size() && next < rows.size(); ++group) {
    const std::uint64_t end = first + state_->rows_of_group[group];
    if (rows[next] < end) {
      state_->each_part(group, number, [&](const arrow::Array& part) {
        if (part.type_id() != arrow::Type::STRING) {
          throw Error(state_->path, "column text does not hold strings");
        }
        const auto& strings = static_cast<const arrow::StringArray&>(part);
        const auto part_end = first + static_cast<std::uint64_t>(strings.length());
        for (; next < rows.size() && rows[next] < part_end; ++next) {
          const auto text = strings.GetView(static_cast<std::int64_t>(rows[next] - first));
          result.emplace_back(text.substr(0, longest));
        }
        first = part_end;
      });
    }
    first = end;
  }
  return result;
}

}  // namespace normscope
