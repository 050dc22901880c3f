#pragma once

#include <arrow/result.h>
#include <arrow/status.h>

#include <filesystem>
#include <utility>

#include "normscope/error.h"

namespace normscope {

/// If the status is not OK, throws Error with Arrow's message about the file.
inline void check(const std::filesystem::path& path, const arrow::Status& status) {
  if (!status.ok()) throw Error(path, status.message());
}

/// The value, or Error.
template <typename Value>
Value value_of(const std::filesystem::path& path, arrow::Result<Value> result) {
  check(path, result.status());
  return std::move(result).ValueUnsafe();
}

}  // namespace normscope
