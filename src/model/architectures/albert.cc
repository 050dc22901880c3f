// AlbertModel of transformers: models/albert/{configuration,modeling}_albert.py. It is BertModel
// with a linear map after the embeddings, and with layers that share their weights.
#include <fmt/format.h>

#include <array>

#include "model/architectures/bert.h"

namespace normscope {
namespace {

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.word_embeddings"},
    RoleName{Role::position_embeddings, "embeddings.position_embeddings"},
    RoleName{Role::token_type_embeddings, "embeddings.token_type_embeddings"},
    RoleName{Role::embedding_norm, "embeddings.LayerNorm"},
    RoleName{Role::embedding_projection, "encoder.embedding_hidden_mapping_in"},
    RoleName{Role::query, "encoder.albert_layer_groups.{}.albert_layers.0.attention.query"},
    RoleName{Role::key, "encoder.albert_layer_groups.{}.albert_layers.0.attention.key"},
    RoleName{Role::value, "encoder.albert_layer_groups.{}.albert_layers.0.attention.value"},
    RoleName{Role::attention_output,
             "encoder.albert_layer_groups.{}.albert_layers.0.attention.dense"},
    RoleName{Role::attention_norm,
             "encoder.albert_layer_groups.{}.albert_layers.0.attention.LayerNorm"},
    RoleName{Role::intermediate, "encoder.albert_layer_groups.{}.albert_layers.0.ffn"},
    RoleName{Role::output, "encoder.albert_layer_groups.{}.albert_layers.0.ffn_output"},
    RoleName{Role::output_norm,
             "encoder.albert_layer_groups.{}.albert_layers.0.full_layer_layer_norm"},
    RoleName{Role::pooler, "pooler"},
};

EncoderSpec read_spec(const ConfigReader& config) {
  EncoderSpec spec = read_bert_spec(config);
  spec.activation = config.activation("hidden_act", "gelu_new");
  spec.embedding_size = config.width("embedding_size");
  spec.layer_groups = config.rows("num_hidden_groups", 1);
  if (spec.layer_groups > spec.layers || spec.layers % spec.layer_groups != 0) {
    config.fail("num_hidden_groups", fmt::format("{} does not divide num_hidden_layers {}",
                                                 spec.layer_groups, spec.layers));
  }
  // No public model has another number, and with another one the number of hidden states depends on
  // the version of transformers.
  if (const std::size_t inner = config.rows("inner_group_num", 1); inner != 1) {
    config.fail("inner_group_num", fmt::format("{} is not supported, only 1 is", inner));
  }
  return spec;
}

}  // namespace

const Architecture& albert() {
  static constexpr Architecture architecture{.model_type = "albert",
                                             .class_prefix = "Albert",
                                             .tensor_prefixes = {"albert."},
                                             .tied_words = "predictions.decoder.weight",
                                             .names = kNames,
                                             .read_spec = read_spec};
  return architecture;
}

}  // namespace normscope
