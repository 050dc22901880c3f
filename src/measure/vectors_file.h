#pragma once

#include <filesystem>

#include "normscope/checkpoint.h"

namespace normscope {

/// Whether a shard has more than its table can hold: vectors or controls.
[[nodiscard]] bool has_vectors(const MeasuredShard& shard);

/// Writes the vectors and the controls of a shard, as CBOR with the numbers as byte strings in the
/// machine's order. Throws Error.
void write_vectors(const std::filesystem::path& path, const MeasuredShard& shard);

/// Reads them back where the file is there. Throws Error where it is not such a file.
void read_vectors(const std::filesystem::path& path, MeasuredShard& shard);

}  // namespace normscope
