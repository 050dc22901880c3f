#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace normscope {

/// The kind of a column's values: `bytes` are read as text if the user or the column's name says
/// so; a column that is only null so far counts as `bytes` too.
enum class Holds { text, bytes, numbers, booleans, other };

/// A column of a table. The name of a nested one begins with the names of the columns around it.
struct Column {
  std::vector<std::string> path;
  Holds holds = Holds::other;
};

/// "a.b" for the column b in a.
std::string name(const Column& column);

/// Which columns of a table are read.
struct ColumnChoice {
  /// Absent: the choice of choose_column().
  std::optional<std::string> text = std::nullopt;
  std::vector<std::string> numbers = {};
};

/// Finds the column of that name and returns its place among `columns`. Throws Error of `file` that
/// lists the columns if there is none.
std::size_t find_column(const std::string& file, std::span<const Column> columns,
                        const std::string& wanted);

/// The same; throws also if the column is known to hold no numbers.
std::size_t find_number_column(const std::string& file, std::span<const Column> columns,
                               const std::string& wanted);

/// The column of the wanted name; if none is wanted, "text", "sentence", or the only text column.
/// Throws as the others do.
std::size_t choose_column(const std::string& file, std::span<const Column> columns,
                          const std::optional<std::string>& wanted);

}  // namespace normscope
