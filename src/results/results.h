#pragma once

#include <string>

#include "normscope/results.h"

namespace normscope {

/// The text of results.json, on one line where it is `compact`.
std::string results_text(const Results& results, bool compact = false);

/// Where in results.json a number of `results` stands: a JSON pointer. Throws std::logic_error
/// if `number` is not the address of one.
std::string place_in_results(const Results& results, const void* number);
/// The same of one of the grid's relations, by its place among them.
std::string place_in_relation(const Results& results, std::size_t relation, const void* number);

}  // namespace normscope
