#include "corpus/column.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "normscope/error.h"

namespace normscope {
namespace {

std::string list_of(std::span<const Column> columns) {
  constexpr std::size_t kListed = 50;
  if (columns.empty()) return "it has no columns";
  std::string list = "its columns are ";
  for (std::size_t i = 0; i < std::min(columns.size(), kListed); ++i) {
    if (i > 0) list += ", ";
    list += name(columns[i]);
    if (columns[i].holds == Holds::numbers) {
      list += " (numbers)";
    } else if (columns[i].holds == Holds::booleans) {
      list += " (true or false)";
    } else if (columns[i].holds != Holds::text) {
      list += " (no text)";
    }
  }
  if (columns.size() > kListed) list += fmt::format(" and {} more", columns.size() - kListed);
  return list;
}

bool may_be_text(const Column& column) {
  return column.holds == Holds::text || column.holds == Holds::bytes;
}

}  // namespace

std::string name(const Column& column) { return fmt::format("{}", fmt::join(column.path, ".")); }

std::size_t find_column(const std::string& file, std::span<const Column> columns,
                        const std::string& wanted) {
  const auto found = std::ranges::find(columns, wanted, name);
  if (found == columns.end()) {
    throw Error(file, fmt::format("has no column {}; {}", wanted, list_of(columns)));
  }
  return static_cast<std::size_t>(found - columns.begin());
}

std::size_t find_number_column(const std::string& file, std::span<const Column> columns,
                               const std::string& wanted) {
  const std::size_t place = find_column(file, columns, wanted);
  if (const Holds holds = columns[place].holds; holds == Holds::text || holds == Holds::other) {
    throw Error(file, fmt::format("the column {} holds no numbers; {}", wanted, list_of(columns)));
  }
  return place;
}

std::size_t choose_column(const std::string& file, std::span<const Column> columns,
                          const std::optional<std::string>& wanted) {
  const auto place_of = [&](const auto& found) {
    return static_cast<std::size_t>(found - columns.begin());
  };
  if (wanted) {
    const std::size_t place = find_column(file, columns, *wanted);
    if (!may_be_text(columns[place])) {
      throw Error(file, fmt::format("the column {} holds no text; {}", *wanted, list_of(columns)));
    }
    return place;
  }
  for (const char* usual : {"text", "sentence"}) {
    const auto found = std::ranges::find_if(columns, [&](const Column& column) {
      return may_be_text(column) && name(column) == usual;
    });
    if (found != columns.end()) return place_of(found);
  }
  const auto only = std::ranges::find(columns, Holds::text, &Column::holds);
  if (std::ranges::count(columns, Holds::text, &Column::holds) != 1) {
    throw Error(file, fmt::format("say which column holds the text; {}", list_of(columns)));
  }
  return place_of(only);
}

}  // namespace normscope
