#include "corpus/jsonl_reader.h"

#include <arrow/array/array_nested.h>
#include <arrow/buffer.h>
#include <arrow/json/reader.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "base/json_values.h"
#include "normscope/error.h"
#include "text/utf8.h"

namespace normscope {
namespace {

constexpr std::size_t kBlock = 1 << 20;
// How many lines the columns are collected from, and how deep in them.
constexpr int kLookedAt = 100;
constexpr std::size_t kDeepest = 16;

bool is_white_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool is_blank_line(std::string_view line) { return std::ranges::all_of(line, is_white_space); }

// Whether only white space follows the object that the line begins with; for a line that is not
// JSON it may return anything.
bool ends_with_its_object(std::string_view line) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return std::ranges::all_of(line.substr(i + 1), is_white_space);
    }
  }
  return true;
}

// Arrow's parser reads out of bounds at a null outside of an object, so it must never see one: if a
// line contains a null, the text after its object is checked.
bool may_be_parsed(std::string_view line) {
  return *std::ranges::find_if_not(line, is_white_space) == '{' &&
         (line.find("null") == std::string_view::npos || ends_with_its_object(line));
}

// Calls `use` with each line of the block and its number, until it returns false.
void each_line(std::string_view block, std::uint64_t number,
               const std::function<bool(std::string_view, std::uint64_t)>& use) {
  for (; !block.empty(); ++number) {
    const std::size_t end = block.find('\n');  // each line of a block ends with one
    if (!use(block.substr(0, end), number)) return;
    block.remove_prefix(end + 1);
  }
}

// Adds the columns of a line that are not there yet. A line that is not JSON is left to Arrow,
// which says why.
void add_columns(std::string_view line, std::vector<Column>& columns) {
  // Bytes that are not UTF-8 in a value must not hide the columns.
  std::string text(line);
  if (!is_utf8(line)) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<signed char>(c) < 0; }, '?');
  }
  auto values = json_values(text, kDeepest);
  if (!values) return;
  for (JsonValue& value : *values) {
    auto column = std::ranges::find(columns, value.path, &Column::path);
    if (column == columns.end()) {
      column = columns.insert(columns.end(), {std::move(value.path), Holds::bytes});
    }
    // A column that is only null so far may hold text or numbers further on.
    if (value.kind == JsonKind::string) {
      column->holds = Holds::text;
    } else if (value.kind != JsonKind::null && column->holds == Holds::bytes) {
      column->holds = value.kind == JsonKind::number    ? Holds::numbers
                      : value.kind == JsonKind::boolean ? Holds::booleans
                                                        : Holds::other;
    }
  }
}

std::shared_ptr<arrow::Schema> schema_of(const Column& column,
                                         std::shared_ptr<arrow::DataType> type) {
  for (std::size_t i = column.path.size(); i > 1; --i) {
    type = arrow::struct_({arrow::field(column.path[i - 1], std::move(type))});
  }
  return arrow::schema({arrow::field(column.path.front(), std::move(type))});
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> parse_lines(
    std::string_view lines, const std::shared_ptr<arrow::Schema>& schema) {
  arrow::json::ParseOptions options;
  options.explicit_schema = schema;
  options.unexpected_field_behavior = arrow::json::UnexpectedFieldBehavior::Ignore;
  return arrow::json::ParseOne(options, std::make_shared<arrow::Buffer>(lines));
}

// Without Arrow's own words for the kind of error and the place.
std::string reason_of(const arrow::Status& status) {
  std::string reason = status.message();
  if (const std::size_t row = reason.rfind(" in row "); row != std::string::npos)
    reason.resize(row);
  constexpr std::string_view kind = "JSON parse error: ";
  if (reason.starts_with(kind)) reason.erase(0, kind.size());
  return reason;
}

}  // namespace

JsonlReader::JsonlReader(ByteSource& source, const ReadLimits& limits, const ColumnChoice& wanted)
    : file_(source.name()), lines_(source, limits) {
  if (!fill()) return;
  choose(wanted);
  parse();
}

bool JsonlReader::next(std::string_view& text) {
  while (next_row_ == texts_.size()) {
    if (!fill()) return false;
    parse();
  }
  text = texts_[next_row_++];
  return true;
}

std::string JsonlReader::place() const {
  return fmt::format("lines {} to {}", first_line_, lines_.line_number());
}

bool JsonlReader::fill() {
  block_.clear();
  first_line_ = lines_.line_number() + 1;
  expected_rows_ = 0;
  std::string_view line;
  while (block_.size() < kBlock && lines_.next(line)) {
    block_.append(line) += '\n';
    if (is_blank_line(line)) continue;
    if (!may_be_parsed(line)) {
      throw Error(file_, fmt::format("line {}", lines_.line_number()), "is not one JSON object");
    }
    ++expected_rows_;
  }
  return !block_.empty();
}

void JsonlReader::choose(const ColumnChoice& wanted) {
  std::vector<Column> columns;
  int looked_at = 0;
  each_line(block_, first_line_, [&](std::string_view line, std::uint64_t) {
    if (is_blank_line(line)) return true;
    add_columns(line, columns);
    return ++looked_at < kLookedAt;
  });
  // "a" where it is null, if "a.b" is there.
  std::erase_if(columns, [columns](const Column& above) {
    return std::ranges::any_of(columns, [&](const Column& column) {
      return column.path.size() > above.path.size() &&
             std::equal(above.path.begin(), above.path.end(), column.path.begin());
    });
  });
  if (columns.empty()) blame("holds no JSON object with a key", arrow::schema({}));
  const Column& column = columns[choose_column(file_, columns, wanted.text)];
  column_ = name(column);
  schema_ = schema_of(column, arrow::utf8());
  for (const std::string& numbers : wanted.numbers) {
    const Column& found = columns[find_number_column(file_, columns, numbers)];
    number_schemas_.push_back(
        schema_of(found, found.holds == Holds::booleans ? arrow::boolean() : arrow::float64()));
  }
  numbers_ = NumberRows(number_schemas_.size());
}

void JsonlReader::parse() {
  next_row_ = 0;
  texts_ = {};
  if (expected_rows_ == 0) return;
  auto texts = ArrowTexts::make(column_of(schema_));
  if (!texts.ok()) blame(texts.status().message(), schema_);
  texts_ = *std::move(texts);
  numbers_.start(static_cast<std::size_t>(expected_rows_));
  for (std::size_t i = 0; i < number_schemas_.size(); ++i) {
    const arrow::Status status = numbers_.put(i, *column_of(number_schemas_[i]));
    if (!status.ok()) blame(status.message(), number_schemas_[i]);
  }
}

std::shared_ptr<arrow::Array> JsonlReader::column_of(
    const std::shared_ptr<arrow::Schema>& schema) const {
  const auto rows = parse_lines(block_, schema);
  if (!rows.ok()) blame(reason_of(rows.status()), schema);
  std::shared_ptr<arrow::Array> array = (*rows)->column(0);
  while (array->type_id() == arrow::Type::STRUCT) {
    array = static_cast<const arrow::StructArray&>(*array).GetFlattenedField(0).ValueOrDie();
  }
  if (array->length() != expected_rows_) blame("is not a JSON object a line", schema);
  return array;
}

void JsonlReader::blame(const std::string& reason,
                        const std::shared_ptr<arrow::Schema>& schema) const {
  each_line(block_, first_line_, [&](std::string_view line, std::uint64_t number) {
    if (is_blank_line(line)) return true;
    const auto rows = parse_lines(line, schema);
    const std::string place = fmt::format("line {}", number);
    if (!rows.ok()) throw Error(file_, place, reason_of(rows.status()));
    if ((*rows)->num_rows() != 1) throw Error(file_, place, "is not one JSON object");
    return true;
  });
  throw Error(file_, fmt::format("line {}", first_line_), reason);
}

}  // namespace normscope
