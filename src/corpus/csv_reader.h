#pragma once

#include <arrow/csv/parser.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/arrow_numbers.h"
#include "corpus/byte_source.h"
#include "corpus/column.h"
#include "corpus/line_reader.h"
#include "corpus/text_reader.h"

namespace normscope {

/// The chosen columns of a table of separated values with a header (RFC 4180: quotes may enclose
/// delimiters, line ends and doubled quotes), parsed by Arrow a block at a time. Blank lines are
/// left out, unless the table has only one column. A byte order mark at the start is skipped.
/// Numbers are as Arrow reads them (true is 1, false 0); there is none if the field is empty, NA,
/// null, nan or the like.
class CsvReader final : public TextReader {
 public:
  /// `delimiter`: absent for the most frequent one of `,` `;` tab `|` in the header. Throws Error,
  /// also if there is no such column.
  CsvReader(ByteSource& source, const ReadLimits& limits, std::optional<char> delimiter,
            const ColumnChoice& wanted);

  bool next(std::string_view& text) override;
  [[nodiscard]] std::span<const double> numbers() const override {
    return numbers_[next_text_ - 1];
  }
  [[nodiscard]] std::string place() const override;
  [[nodiscard]] std::optional<std::string> column() const override { return column_; }

 private:
  /// Reads more into the end of the buffer; false at the end of the file.
  bool fill();
  /// Parses whole rows at the front of the buffer, at most `rows`; false if none is left.
  bool parse(std::int32_t rows);
  /// Ends the last row of the file with a line feed if it has none, so that a row that is still
  /// incomplete must have an open quotation mark.
  void end_last_row();
  void read_header(const ColumnChoice& wanted);
  /// Of the rows that were parsed last.
  void read_numbers();
  [[noreturn]] void refuse(const std::string& reason) const;

  ByteSource& source_;
  ReadLimits limits_;
  arrow::csv::ParseOptions options_;
  std::optional<std::string> column_;
  std::int32_t column_index_ = 0;
  std::vector<std::string> number_names_;
  std::vector<std::int32_t> number_columns_;
  /// Of the header; -1 until it is read.
  std::int32_t columns_ = -1;

  /// buffer_[begin_, end_) has been read but not parsed.
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
  bool after_carriage_return_ = false;

  /// Of the rows parsed last, whose bytes the parser owns.
  std::optional<arrow::csv::BlockParser> parser_;
  std::vector<std::string_view> texts_;
  NumberRows numbers_;
  std::size_t next_text_ = 0;
  /// Number of rows before those, the header included.
  std::int64_t rows_before_ = 0;
};

}  // namespace normscope
