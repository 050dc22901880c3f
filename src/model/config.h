#pragma once

#include <filesystem>

#include "model/architectures/architecture.h"
#include "normscope/model.h"

namespace normscope {

struct ModelConfig {
  const Architecture* architecture = nullptr;
  EncoderSpec spec;
  /// Whether a head that predicts words shares their embeddings.
  bool ties_words = true;
};

/// Reads a config.json: which architecture it is of, by `model_type` as AutoModel, and what that
/// makes of it. What the architecture's config class has a default for and old models leave out (an
/// activation, an epsilon) may be missing; the sizes may not. Throws Error that names the key: an
/// architecture or a variant that is not known, an unknown activation, a number that is impossible
/// or absurd.
ModelConfig read_model_config(const std::filesystem::path& path);

}  // namespace normscope
