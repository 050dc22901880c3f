#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "normscope/compare.h"
#include "normscope/results.h"

namespace normscope {

/// A run that is compared.
struct ComparedResults {
  std::string name;
  std::string path;
  const Results* results = nullptr;
};

/// compare.json, as described by compare.schema.json. Bytes of a string that are not UTF-8 become
/// U+FFFD.
std::string compare_json(std::span<const ComparedResults> runs, const Comparison& comparison,
                         const std::vector<std::string>& notes);

/// Whether a file looks like a compare.json, of this version or another.
bool is_compare_json(const std::filesystem::path& path);

}  // namespace normscope
