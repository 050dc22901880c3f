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

/// Reads a config.json: chooses the architecture by `model_type`, as AutoModel does, and lets it
/// make the spec. Keys that old models leave out because the architecture's config class has a
/// default (an activation, an epsilon) may be missing; the sizes may not. Throws Error that names
/// the key: an unknown architecture, variant or activation, an impossible or absurd number.
ModelConfig read_model_config(const std::filesystem::path& path);

}  // namespace normscope
