#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "normscope/own_readout.h"

namespace normscope {

/// Reads a module of sentence-transformers that a vector goes through after the pooling: Dense,
/// LayerNorm or Normalize, with its config.json and weights in `folder`; `width` is that of the
/// vectors that go in. The names of the files that it reads are added to `files`. Throws Error,
/// also if the module works on anything but the sentence's vector.
DenseLayer read_dense(const std::filesystem::path& folder, std::size_t width,
                      std::vector<std::string>& files);
LayerNormLayer read_layer_norm(const std::filesystem::path& folder, std::size_t width,
                               std::vector<std::string>& files);
NormalizeLayer read_normalize(const std::filesystem::path& folder, std::vector<std::string>& files);

}  // namespace normscope
