#pragma once

#include <filesystem>
#include <functional>
#include <span>

#include "normscope/measure.h"
#include "normscope/vector_files.h"

namespace normscope {

using VectorSink = std::function<void(const KeptVectors&)>;

/// Writes vectors.arrow and, for each point, a vectors.layer6.cls.npy into the folder: the vectors
/// that `fill` passes to its argument. Either all files are complete, or none exists. Throws Error.
void save_vectors(const std::filesystem::path& folder, std::span<const PointToWrite> points,
                  const std::function<void(const VectorSink&)>& fill);

}  // namespace normscope
