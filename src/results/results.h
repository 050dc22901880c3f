#pragma once

#include <string>

#include "normscope/results.h"

namespace normscope {

/// The text of results.json, on one line if `compact`.
std::string results_text(const Results& results, bool compact = false);

/// The place in results.json of a number in `results`, as a JSON pointer. Throws std::logic_error
/// if `number` is not the address of one.
std::string place_in_results(const Results& results, const void* number);
/// The same for a number in one of the grid's relations, by its place among them.
std::string place_in_relation(const Results& results, std::size_t relation, const void* number);

}  // namespace normscope
