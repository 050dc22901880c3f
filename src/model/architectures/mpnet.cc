// MPNetModel of transformers: models/mpnet/{configuration,modeling}_mpnet.py. It is BertModel
// without token types, with RoBERTa's positions and with biases of attention by relative position.
#include <fmt/format.h>

#include <array>

#include "model/architectures/architecture.h"

namespace normscope {
namespace {

// The code uses this number, whatever pad_token_id says.
constexpr std::size_t kPaddingId = 1;
// The code uses this one too; config.json's number only sizes the table.
constexpr std::size_t kBuckets = 32;

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.word_embeddings"},
    RoleName{Role::position_embeddings, "embeddings.position_embeddings"},
    RoleName{Role::embedding_norm, "embeddings.LayerNorm"},
    RoleName{Role::relative_bias, "encoder.relative_attention_bias"},
    RoleName{Role::query, "encoder.layer.{}.attention.attn.q"},
    RoleName{Role::key, "encoder.layer.{}.attention.attn.k"},
    RoleName{Role::value, "encoder.layer.{}.attention.attn.v"},
    RoleName{Role::attention_output, "encoder.layer.{}.attention.attn.o"},
    RoleName{Role::attention_norm, "encoder.layer.{}.attention.LayerNorm"},
    RoleName{Role::intermediate, "encoder.layer.{}.intermediate.dense"},
    RoleName{Role::output, "encoder.layer.{}.output.dense"},
    RoleName{Role::output_norm, "encoder.layer.{}.output.LayerNorm"},
    RoleName{Role::pooler, "pooler.dense"},
};

EncoderSpec read_spec(const ConfigReader& config) {
  EncoderSpec spec = read_sizes(config);
  begin_positions_after_padding(config, kPaddingId, spec);
  spec.relative_buckets = config.rows("relative_attention_num_buckets", kBuckets);
  if (spec.relative_buckets != kBuckets) {
    config.fail("relative_attention_num_buckets",
                fmt::format("{} is not supported, only {} is", spec.relative_buckets, kBuckets));
  }
  spec.layer_norm_epsilon = config.epsilon("layer_norm_eps", 1e-12F);
  spec.activation = config.activation("hidden_act", "gelu");
  spec.pooler = true;
  return spec;
}

}  // namespace

const Architecture& mpnet() {
  static constexpr Architecture architecture{.model_type = "mpnet",
                                             .class_prefix = "MPNet",
                                             .tensor_prefixes = {"mpnet."},
                                             .tied_words = "lm_head.decoder.weight",
                                             .names = kNames,
                                             .read_spec = read_spec};
  return architecture;
}

}  // namespace normscope
