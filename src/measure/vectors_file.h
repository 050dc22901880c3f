#pragma once

#include <filesystem>
#include <string>

#include "normscope/checkpoint.h"

namespace normscope {

/// Whether a shard has vectors or controls, which its table cannot hold.
[[nodiscard]] bool has_vectors(const MeasuredShard& shard);

/// Writes the vectors and the controls of a shard: the header's size in 8 bytes, the header in
/// JSON, and the numbers, in the machine's byte order. `label` says which shard they belong to.
/// Throws Error.
void write_vectors(const std::filesystem::path& path, const MeasuredShard& shard,
                   const std::string& label);

/// Reads them back. Throws Error if it is not such a file, or has another label.
void read_vectors(const std::filesystem::path& path, MeasuredShard& shard,
                  const std::string& label);

}  // namespace normscope
