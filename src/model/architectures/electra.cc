// ElectraModel of transformers: models/electra/{configuration,modeling}_electra.py. It is BertModel
// without a pooler, and with narrower embeddings if config.json says so.
#include <array>

#include "model/architectures/bert.h"

namespace normscope {
namespace {

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.word_embeddings"},
    RoleName{Role::position_embeddings, "embeddings.position_embeddings"},
    RoleName{Role::token_type_embeddings, "embeddings.token_type_embeddings"},
    RoleName{Role::embedding_norm, "embeddings.LayerNorm"},
    RoleName{Role::embedding_projection, "embeddings_project"},
    RoleName{Role::query, "encoder.layer.{}.attention.self.query"},
    RoleName{Role::key, "encoder.layer.{}.attention.self.key"},
    RoleName{Role::value, "encoder.layer.{}.attention.self.value"},
    RoleName{Role::attention_output, "encoder.layer.{}.attention.output.dense"},
    RoleName{Role::attention_norm, "encoder.layer.{}.attention.output.LayerNorm"},
    RoleName{Role::intermediate, "encoder.layer.{}.intermediate.dense"},
    RoleName{Role::output, "encoder.layer.{}.output.dense"},
    RoleName{Role::output_norm, "encoder.layer.{}.output.LayerNorm"},
};

EncoderSpec read_spec(const ConfigReader& config) {
  EncoderSpec spec = read_bert_spec(config);
  spec.pooler = false;
  const std::size_t width = config.width("embedding_size");
  if (width != spec.hidden_size) spec.embedding_size = width;
  return spec;
}

}  // namespace

const Architecture& electra() {
  static constexpr Architecture architecture{.model_type = "electra",
                                             .class_prefix = "Electra",
                                             .tensor_prefixes = {"electra."},
                                             .tied_words = "generator_lm_head.weight",
                                             .names = kNames,
                                             .read_spec = read_spec};
  return architecture;
}

}  // namespace normscope
