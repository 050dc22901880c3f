#pragma once

#include <string>
#include <vector>

#include "corpus/text_reader.h"
#include "normscope/error.h"

namespace normscope {

inline std::vector<std::string> rest_of(TextReader& reader) {
  std::vector<std::string> texts;
  for (std::string_view text; reader.next(text);) texts.emplace_back(text);
  return texts;
}

/// The numbers of the rows that are left.
inline std::vector<std::vector<double>> numbers_of_rest(TextReader& reader) {
  std::vector<std::vector<double>> rows;
  for (std::string_view text; reader.next(text);) {
    rows.emplace_back(reader.numbers().begin(), reader.numbers().end());
  }
  return rows;
}

/// What the Error says that `run` throws.
template <typename Run>
std::string error_of(const Run& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace normscope
