#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "normscope/own_readout.h"

namespace normscope {

/// The content of a Pooling module's config.json.
struct PoolingConfig {
  std::vector<Pooling> poolings;
  bool includes_prompt = true;
};

/// Reads it as sentence-transformers does: `pooling_mode`, a name or a list of names, or if there
/// is none the older flags, one per pooling. Throws Error, also if it is made for vectors of
/// another width.
PoolingConfig read_pooling_config(const std::filesystem::path& path, std::size_t width);

}  // namespace normscope
