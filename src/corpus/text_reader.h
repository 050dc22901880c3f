#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace normscope {

/// The texts of one file, one after the other: its lines, or the rows of one column of its table.
class TextReader {
 public:
  TextReader() = default;
  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;
  virtual ~TextReader() = default;

  /// The next text, valid until the next call, empty if the table has none; false at the end.
  /// Throws Error and Interrupted.
  virtual bool next(std::string_view& text) = 0;

  /// The numbers of the row that next() returned last, one per column of numbers that is read; NaN
  /// if the row has none.
  [[nodiscard]] virtual std::span<const double> numbers() const = 0;

  /// The place of the text that next() returned last, for messages: "line 7".
  [[nodiscard]] virtual std::string place() const = 0;

  /// The name of the column that is read; absent if there is no table.
  [[nodiscard]] virtual std::optional<std::string> column() const = 0;
};

}  // namespace normscope
