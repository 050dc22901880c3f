#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace normscope {

/// What a column's values are: `bytes` are read as text where the user or the column's name says
/// so; they may also be nothing but null so far.
enum class Holds { text, bytes, numbers, booleans, other };

/// A column of a table. One that is nested in others has their names before its own.
struct Column {
  std::vector<std::string> path;
  Holds holds = Holds::other;
};

/// "a.b" for the column b in a.
std::string name(const Column& column);

/// Which columns of a table are read.
struct ColumnChoice {
  /// Absent: as choose_column() chooses.
  std::optional<std::string> text = std::nullopt;
  std::vector<std::string> numbers = {};
};

/// The column of that name. Returns its place among `columns`. Throws Error of `file` that lists
/// the columns where there is none.
std::size_t find_column(const std::string& file, std::span<const Column> columns,
                        const std::string& wanted);

/// The same, also where it is known to hold no numbers.
std::size_t find_number_column(const std::string& file, std::span<const Column> columns,
                               const std::string& wanted);

/// The column of the wanted name; where none is wanted "text", "sentence", or the only text column.
/// Throws as the others do.
std::size_t choose_column(const std::string& file, std::span<const Column> columns,
                          const std::optional<std::string>& wanted);

}  // namespace normscope
