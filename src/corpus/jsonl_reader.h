#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "corpus/arrow_texts.h"
#include "corpus/column.h"
#include "corpus/line_reader.h"
#include "corpus/text_reader.h"

namespace arrow {
class Schema;
}

namespace normscope {

/// One column of JSON Lines (an object a line, blank lines left out), parsed by Arrow a block of
/// lines at a time. Columns are what the first lines have; in a line that lacks the column, or
/// where it is null, the text is empty.
class JsonlReader final : public TextReader {
 public:
  /// Throws Error, also where there is no such column.
  JsonlReader(ByteSource& source, const ReadLimits& limits,
              const std::optional<std::string>& column);

  bool next(std::string_view& text) override;
  /// The lines of the block in hand: which of them the text is, is not known.
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] std::optional<std::string> column() const override { return column_; }

 private:
  /// Reads the next lines into block_; false at the end of the file.
  bool fill();
  /// Of the columns that the first lines of the block have.
  void choose(const std::optional<std::string>& wanted);
  void parse();
  /// Throws the Error of the line that Arrow refuses, found by parsing each alone.
  [[noreturn]] void blame(const std::string& reason) const;

  std::string file_;
  LineReader lines_;
  std::optional<std::string> column_;
  std::shared_ptr<arrow::Schema> schema_;

  std::string block_;
  std::uint64_t first_line_ = 0;
  /// Lines of the block that are not blank.
  std::int64_t expected_rows_ = 0;
  ArrowTexts texts_;
  std::int64_t next_row_ = 0;
};

}  // namespace normscope
