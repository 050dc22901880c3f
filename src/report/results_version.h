#pragma once

namespace normscope {

/// Version of results.json. It changes with the names or the meaning of what is in the file;
/// docs/results.schema.json tells them.
inline constexpr int kResultsVersion = 3;

}  // namespace normscope
