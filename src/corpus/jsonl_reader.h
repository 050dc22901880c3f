#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/arrow_numbers.h"
#include "corpus/arrow_texts.h"
#include "corpus/column.h"
#include "corpus/line_reader.h"
#include "corpus/text_reader.h"

namespace arrow {
class Schema;
}

namespace normscope {

/// The chosen columns of JSON Lines (one object per line, blank lines left out), parsed by Arrow a
/// block of lines at a time. The columns are those of the first lines; if a line lacks a column, or
/// has null there, the text is empty and the number NaN.
class JsonlReader final : public TextReader {
 public:
  /// Throws Error, also if there is no such column.
  JsonlReader(ByteSource& source, const ReadLimits& limits, const ColumnChoice& wanted);

  bool next(std::string_view& text) override;
  [[nodiscard]] std::span<const double> numbers() const override {
    return numbers_[static_cast<std::size_t>(next_row_ - 1)];
  }
  /// The lines of the current block: which of them the text comes from is not known.
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] std::optional<std::string> column() const override { return column_; }

 private:
  /// Reads the next lines into block_; false at the end of the file.
  bool fill();
  /// The schema of the columns that the first lines of the block have.
  void choose(const ColumnChoice& wanted);
  void parse();
  /// The block's values in the only column of the schema.
  [[nodiscard]] std::shared_ptr<arrow::Array> column_of(
      const std::shared_ptr<arrow::Schema>& schema) const;
  /// Throws the Error for the line that Arrow refuses with this schema, found by parsing the lines
  /// one by one.
  [[noreturn]] void blame(const std::string& reason,
                          const std::shared_ptr<arrow::Schema>& schema) const;

  std::string file_;
  LineReader lines_;
  std::optional<std::string> column_;
  /// Schemas of the text, and of each of the numbers, with only that column.
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<std::shared_ptr<arrow::Schema>> number_schemas_;

  std::string block_;
  std::uint64_t first_line_ = 0;
  /// Lines of the block that are not blank.
  std::int64_t expected_rows_ = 0;
  ArrowTexts texts_;
  NumberRows numbers_;
  std::int64_t next_row_ = 0;
};

}  // namespace normscope
