#pragma once

#include <arrow/record_batch.h>
#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/arrow_texts.h"
#include "corpus/byte_source.h"
#include "corpus/text_reader.h"

namespace normscope {

/// A column that may be nested in others: its number among the fields of each level, and its name.
struct ArrowColumn {
  std::vector<int> path;
  std::string name;
};

/// As choose_column() of column.h.
ArrowColumn choose_column(const std::string& file, const arrow::Schema& schema,
                          const std::optional<std::string>& wanted);

/// One column of Arrow's record batches, wherever they come from; memory is bounded by a batch.
class BatchReader final : public TextReader {
 public:
  /// `column`: as it is found in the batches.
  BatchReader(std::string file, std::shared_ptr<arrow::RecordBatchReader> batches,
              ArrowColumn column);

  bool next(std::string_view& text) override;
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] std::optional<std::string> column() const override { return column_.name; }

 private:
  [[nodiscard]] arrow::Result<ArrowTexts> texts_of(const arrow::RecordBatch& batch) const;

  std::string file_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  ArrowColumn column_;
  ArrowTexts texts_;
  std::int64_t next_row_ = 0;
  std::int64_t rows_before_ = 0;
};

/// The streaming format, or the file format (Feather too), which holds the same stream behind its
/// magic bytes: it is read from front to back. Throws Error and Interrupted.
std::unique_ptr<TextReader> read_arrow(ByteSource& source,
                                       const std::optional<std::string>& column);

}  // namespace normscope
