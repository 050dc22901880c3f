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

/// The chosen columns of JSON Lines (an object a line, blank lines left out), parsed by Arrow a
/// block of lines at a time. Columns are what the first lines have; in a line that lacks the
/// column, or where it is null, the text is empty and the number is none.
class JsonlReader final : public TextReader {
 public:
  /// Throws Error, also if there is no such column.
  JsonlReader(ByteSource& source, const ReadLimits& limits, const ColumnChoice& wanted);

  bool next(std::string_view& text) override;
  [[nodiscard]] std::span<const double> numbers() const override {
    return numbers_[static_cast<std::size_t>(next_row_ - 1)];
  }
  /// The lines of the block in hand: which of them the text is, is not known.
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] std::optional<std::string> column() const override { return column_; }

 private:
  /// Reads the next lines into block_; false at the end of the file.
  bool fill();
  /// Of the columns that the first lines of the block have.
  void choose(const ColumnChoice& wanted);
  void parse();
  /// The block's values of the one column that the schema has.
  [[nodiscard]] std::shared_ptr<arrow::Array> column_of(
      const std::shared_ptr<arrow::Schema>& schema) const;
  /// Throws the Error of the line that Arrow refuses by this schema, found by parsing each alone.
  [[noreturn]] void blame(const std::string& reason,
                          const std::shared_ptr<arrow::Schema>& schema) const;

  std::string file_;
  LineReader lines_;
  std::optional<std::string> column_;
  /// Of the text, and of each of the numbers: of this column alone.
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
