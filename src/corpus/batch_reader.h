#pragma once

#include <arrow/record_batch.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/arrow_numbers.h"
#include "corpus/arrow_texts.h"
#include "corpus/byte_source.h"
#include "corpus/column.h"
#include "corpus/text_reader.h"

namespace normscope {

/// A column that may be nested in others: its index among the fields of each level, and its name.
struct ArrowColumn {
  std::vector<int> path;
  std::string name;
};

struct ArrowColumns {
  ArrowColumn text;
  std::vector<ArrowColumn> numbers;
};

/// Chosen by choose_column() and find_number_column() of column.h.
ArrowColumns choose_columns(const std::string& file, const arrow::Schema& schema,
                            const ColumnChoice& wanted);

/// The chosen columns of Arrow's record batches, wherever they come from; memory is bounded by one
/// batch.
class BatchReader final : public TextReader {
 public:
  /// `chosen`: the columns to read; the batches may lack any others.
  BatchReader(std::string file, std::shared_ptr<arrow::RecordBatchReader> batches,
              const ArrowColumns& chosen);

  bool next(std::string_view& text) override;
  [[nodiscard]] std::span<const double> numbers() const override {
    return numbers_[static_cast<std::size_t>(next_row_ - 1)];
  }
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] std::optional<std::string> column() const override { return columns_.text.name; }

 private:
  arrow::Status take(const arrow::RecordBatch& batch);

  std::string file_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  ArrowColumns columns_;
  ArrowTexts texts_;
  NumberRows numbers_;
  std::int64_t next_row_ = 0;
  std::int64_t rows_before_ = 0;
};

/// The streaming format, or the file format (Feather too), which holds the same stream after its
/// magic bytes: it is read from start to end. Throws Error and Interrupted.
std::unique_ptr<TextReader> read_arrow(ByteSource& source, const ColumnChoice& wanted);

}  // namespace normscope
