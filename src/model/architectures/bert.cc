// BertModel of transformers: models/bert/{configuration,modeling}_bert.py.
#include "model/architectures/bert.h"

#include <fmt/format.h>

#include <array>
#include <string>

namespace normscope {
namespace {

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.word_embeddings"},
    RoleName{Role::position_embeddings, "embeddings.position_embeddings"},
    RoleName{Role::token_type_embeddings, "embeddings.token_type_embeddings"},
    RoleName{Role::embedding_norm, "embeddings.LayerNorm"},
    RoleName{Role::query, "encoder.layer.{}.attention.self.query"},
    RoleName{Role::key, "encoder.layer.{}.attention.self.key"},
    RoleName{Role::value, "encoder.layer.{}.attention.self.value"},
    RoleName{Role::attention_output, "encoder.layer.{}.attention.output.dense"},
    RoleName{Role::attention_norm, "encoder.layer.{}.attention.output.LayerNorm"},
    RoleName{Role::intermediate, "encoder.layer.{}.intermediate.dense"},
    RoleName{Role::output, "encoder.layer.{}.output.dense"},
    RoleName{Role::output_norm, "encoder.layer.{}.output.LayerNorm"},
    RoleName{Role::pooler, "pooler.dense"},
};

}  // namespace

EncoderSpec read_bert_spec(const ConfigReader& config) {
  if (const std::string type = config.text("position_embedding_type").value_or("absolute");
      type != "absolute") {
    config.fail("position_embedding_type",
                fmt::format("{} is not supported, only absolute is", type));
  }
  EncoderSpec spec = read_sizes(config);
  spec.token_types = config.rows("type_vocab_size", 2);
  spec.layer_norm_epsilon = config.epsilon("layer_norm_eps", 1e-12F);
  spec.activation = config.activation("hidden_act", "gelu");
  spec.pooler = true;
  return spec;
}

const Architecture& bert() {
  static constexpr Architecture architecture{.model_type = "bert",
                                             .class_prefix = "Bert",
                                             .tensor_prefixes = {"bert."},
                                             .tied_words = "cls.predictions.decoder.weight",
                                             .names = kNames,
                                             .read_spec = read_bert_spec};
  return architecture;
}

}  // namespace normscope
