#pragma once

#include <cstddef>

namespace normscope {

/// Version of results.json. It changes with the names or the meaning of what is in the file;
/// docs/results.schema.json tells them.
inline constexpr int kResultsVersion = 3;

/// Most that is read of it.
inline constexpr std::size_t kMostResultBytes = std::size_t{256} << 20;

}  // namespace normscope
