#pragma once

#include <filesystem>

#include "normscope/model.h"

namespace normscope {

/// Reads the config.json of a BertModel. What transformers' BertConfig has a default for and old
/// models leave out (hidden_act, layer_norm_eps, type_vocab_size) may be missing; the sizes may
/// not. Throws Error that names the key: an architecture that is not BERT's encoder with absolute
/// positions, an unknown activation, a number that is impossible or absurd.
ModelConfig read_model_config(const std::filesystem::path& path);

}  // namespace normscope
