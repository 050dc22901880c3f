#include "cli/choices.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace normscope::cli {

std::size_t chosen(const std::string& option, const std::string& given,
                   const std::vector<std::string_view>& names) {
  const auto found = std::ranges::find(names, given);
  if (found == names.end()) {
    throw CLI::ValidationError(
        option, fmt::format("{} is not one of {}", given.empty() ? "an empty name" : given,
                            fmt::join(names, ", ")));
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::string problem_of_name(const std::string& given) {
  return given.empty() ? "the name is empty" : "";
}

std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  for (std::size_t comma = 0; (comma = list.find(',', begin)) != std::string::npos;) {
    names.push_back(list.substr(begin, comma - begin));
    begin = comma + 1;
  }
  names.push_back(list.substr(begin));
  return names;
}

}  // namespace normscope::cli
