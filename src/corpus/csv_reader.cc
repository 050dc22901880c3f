#include "corpus/csv_reader.h"

#include <arrow/csv/converter.h>
#include <arrow/csv/invalid_row.h>
#include <arrow/csv/options.h>
#include <arrow/result.h>
#include <arrow/status.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "corpus/column.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::int32_t kRows = 16'384;

// Outside quotes, in the first line.
char most_frequent_delimiter(std::string_view text) {
  constexpr std::string_view candidates = ",;\t|";
  std::array<int, candidates.size()> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    if (const std::size_t i = candidates.find(c); i != std::string_view::npos) ++counts[i];
  }
  return candidates[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

}  // namespace

CsvReader::CsvReader(ByteSource& source, const ReadLimits& limits, std::optional<char> delimiter,
                     const ColumnChoice& wanted)
    : source_(source), limits_(limits) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  while (end_ < byte_order_mark.size() && fill()) {
  }
  if (std::string_view(buffer_.data(), end_).starts_with(byte_order_mark)) {
    begin_ = byte_order_mark.size();
  }
  options_.newlines_in_values = true;
  options_.delimiter =
      delimiter.value_or(most_frequent_delimiter({buffer_.data() + begin_, end_ - begin_}));
  read_header(wanted);
}

bool CsvReader::next(std::string_view& text) {
  while (next_text_ == texts_.size()) {
    rows_before_ += static_cast<std::int64_t>(texts_.size());
    texts_.clear();
    next_text_ = 0;
    if (!column_ || !parse(kRows)) return false;
    const auto status = parser_->VisitColumn(
        column_index_, [&](const std::uint8_t* data, std::uint32_t size, bool, bool) {
          texts_.emplace_back(reinterpret_cast<const char*>(data), size);
          return arrow::Status::OK();
        });
    if (!status.ok()) refuse(status.message());
    read_numbers();
  }
  text = texts_[next_text_++];
  return true;
}

std::string CsvReader::place() const {
  return fmt::format("row {}", rows_before_ + static_cast<std::int64_t>(next_text_));
}

bool CsvReader::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Doubles the content, because each attempt to parse a long row starts at the row's beginning.
  const std::size_t wanted = std::max(limits_.block, end_);
  if (buffer_.size() < end_ + wanted) buffer_.resize(end_ + wanted);
  for (const std::size_t goal = end_ + wanted; end_ < goal && !at_end_;) {
    const std::size_t count = source_.read({buffer_.data() + end_, goal - end_});
    end_ += count;
    at_end_ = count == 0;
  }
  return !at_end_;
}

bool CsvReader::parse(std::int32_t rows) {
  std::optional<arrow::csv::InvalidRow> invalid;
  options_.invalid_row_handler = [&](const arrow::csv::InvalidRow& row) {
    invalid.emplace(row);
    return arrow::csv::InvalidRowResult::Error;
  };
  for (;;) {
    if (!at_end_ && end_ - begin_ < limits_.block) fill();
    if (after_carriage_return_ && begin_ < end_) {
      begin_ += buffer_[begin_] == '\n' ? 1 : 0;
      after_carriage_return_ = false;
    }
    if (begin_ == end_ && at_end_) return false;
    if (at_end_) end_last_row();
    const std::string_view unparsed(buffer_.data() + begin_, end_ - begin_);
    parser_.emplace(options_, columns_, rows_before_ + 1, rows);
    std::uint32_t size = 0;
    const auto status = parser_->Parse(unparsed, &size);
    if (invalid) {
      throw Error(source_.name(), fmt::format("row {}", invalid->number),
                  fmt::format("has {} columns, the header has {}", invalid->actual_columns,
                              invalid->expected_columns));
    }
    // Without a complete header, Arrow cannot count the columns.
    const bool short_header = columns_ < 0 && !at_end_ && unparsed.size() <= limits_.unit;
    if (!status.ok() && !short_header) refuse(status.message());
    begin_ += size;
    if (size > 0) after_carriage_return_ = buffer_[begin_ - 1] == '\r';
    if (parser_->num_rows() > 0) return true;
    if (size > 0) continue;
    if (at_end_) refuse("a quotation mark opens that nothing closes");
    if (unparsed.size() > limits_.unit) {
      refuse(fmt::format("longer than {} bytes; is a quotation mark left open?", limits_.unit));
    }
    fill();
  }
}

void CsvReader::end_last_row() {
  const char last = buffer_[end_ - 1];
  if (last == '\n' || last == '\r') return;
  if (end_ == buffer_.size()) buffer_.resize(end_ + 1);
  buffer_[end_++] = '\n';
}

void CsvReader::read_header(const ColumnChoice& wanted) {
  if (!parse(1)) return;
  std::vector<Column> columns;
  const auto status =
      parser_->VisitLastRow([&](const std::uint8_t* data, std::uint32_t size, bool, bool) {
        columns.push_back({{std::string(reinterpret_cast<const char*>(data), size)}, Holds::text});
        return arrow::Status::OK();
      });
  if (!status.ok()) refuse(status.message());
  rows_before_ = 1;
  columns_ = parser_->num_cols();
  options_.ignore_empty_lines = columns_ > 1;
  const std::size_t index = choose_column(source_.name(), columns, wanted.text);
  column_index_ = static_cast<std::int32_t>(index);
  column_ = name(columns[index]);
  for (const std::string& numbers : wanted.numbers) {
    number_columns_.push_back(
        static_cast<std::int32_t>(find_column(source_.name(), columns, numbers)));
  }
  number_names_ = wanted.numbers;
  numbers_ = NumberRows(number_columns_.size());
}

void CsvReader::read_numbers() {
  static const auto options = arrow::csv::ConvertOptions::Defaults();
  numbers_.start(texts_.size());
  for (std::size_t i = 0; i < number_columns_.size(); ++i) {
    const auto read = [&](const std::shared_ptr<arrow::DataType>& type) -> arrow::Status {
      ARROW_ASSIGN_OR_RAISE(const auto converter, arrow::csv::Converter::Make(type, options));
      ARROW_ASSIGN_OR_RAISE(const auto numbers, converter->Convert(*parser_, number_columns_[i]));
      return numbers_.put(i, *numbers);
    };
    // "0" and "1" mean the same to both.
    const arrow::Status status = read(arrow::float64());
    if (!status.ok() && !read(arrow::boolean()).ok()) {
      throw Error(source_.name(), "column " + number_names_[i], status.message());
    }
  }
}

void CsvReader::refuse(const std::string& reason) const {
  throw Error(source_.name(), fmt::format("row {}", rows_before_ + 1), reason);
}

}  // namespace normscope
