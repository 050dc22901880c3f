// DistilBertModel of transformers: models/distilbert/{configuration,modeling}_distilbert.py. It is
// BertModel without token types and pooler, and with different names.
#include <array>

#include "model/architectures/architecture.h"

namespace normscope {
namespace {

// The code gives its LayerNorms this epsilon; no key in config.json changes it.
constexpr float kEpsilon = 1e-12F;

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.word_embeddings"},
    RoleName{Role::position_embeddings, "embeddings.position_embeddings"},
    RoleName{Role::embedding_norm, "embeddings.LayerNorm"},
    RoleName{Role::query, "transformer.layer.{}.attention.q_lin"},
    RoleName{Role::key, "transformer.layer.{}.attention.k_lin"},
    RoleName{Role::value, "transformer.layer.{}.attention.v_lin"},
    RoleName{Role::attention_output, "transformer.layer.{}.attention.out_lin"},
    RoleName{Role::attention_norm, "transformer.layer.{}.sa_layer_norm"},
    RoleName{Role::intermediate, "transformer.layer.{}.ffn.lin1"},
    RoleName{Role::output, "transformer.layer.{}.ffn.lin2"},
    RoleName{Role::output_norm, "transformer.layer.{}.output_layer_norm"},
};

// `sinusoidal_pos_embds` says how the table of positions was made; it is stored like any other.
EncoderSpec read_spec(const ConfigReader& config) {
  EncoderSpec spec = read_sizes(config, {.hidden_size = "dim",
                                         .layers = "n_layers",
                                         .heads = "n_heads",
                                         .intermediate_size = "hidden_dim"});
  spec.layer_norm_epsilon = kEpsilon;
  spec.activation = config.activation("activation", "gelu");
  return spec;
}

}  // namespace

const Architecture& distilbert() {
  static constexpr Architecture architecture{.model_type = "distilbert",
                                             .class_prefix = "DistilBert",
                                             .tensor_prefixes = {"distilbert."},
                                             .tied_words = "vocab_projector.weight",
                                             .names = kNames,
                                             .read_spec = read_spec};
  return architecture;
}

}  // namespace normscope
