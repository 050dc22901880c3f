// NomicBertModel of transformers: models/nomic_bert/{configuration,modeling}_nomic_bert.py. It is
// BertModel with rotary positions, gated feed-forward blocks and no biases but its LayerNorms'. The
// files on the hub are older than that class: they have GPT-2's keys and different names.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "model/architectures/architecture.h"

namespace normscope {
namespace {

// In files with GPT-2's keys, the angles beyond these depend on the longest sentence of a batch.
constexpr std::size_t kTrainedPositions = 2048;

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.word_embeddings"},
    RoleName{Role::token_type_embeddings, "embeddings.token_type_embeddings"},
    RoleName{Role::embedding_norm, "emb_ln"},
    RoleName{Role::embedding_norm, "embeddings.LayerNorm"},
    RoleName{Role::query, "encoder.layers.{}.attn.Wqkv", 0, 3},
    RoleName{Role::query, "layers.{}.self_attn.q_proj"},
    RoleName{Role::key, "encoder.layers.{}.attn.Wqkv", 1, 3},
    RoleName{Role::key, "layers.{}.self_attn.k_proj"},
    RoleName{Role::value, "encoder.layers.{}.attn.Wqkv", 2, 3},
    RoleName{Role::value, "layers.{}.self_attn.v_proj"},
    RoleName{Role::attention_output, "encoder.layers.{}.attn.out_proj"},
    RoleName{Role::attention_output, "layers.{}.self_attn.o_proj"},
    RoleName{Role::attention_norm, "encoder.layers.{}.norm1"},
    RoleName{Role::attention_norm, "layers.{}.post_attention_layernorm"},
    RoleName{Role::intermediate, "encoder.layers.{}.mlp.fc12"},
    RoleName{Role::intermediate, "layers.{}.mlp.gate_proj"},
    RoleName{Role::gate, "encoder.layers.{}.mlp.fc11"},
    RoleName{Role::gate, "layers.{}.mlp.up_proj"},
    RoleName{Role::output, "encoder.layers.{}.mlp.fc2"},
    RoleName{Role::output, "layers.{}.mlp.down_proj"},
    RoleName{Role::output_norm, "encoder.layers.{}.norm2"},
    RoleName{Role::output_norm, "layers.{}.post_mlp_layernorm"},
};

void refuse_what_differs(const ConfigReader& config) {
  for (const char* const key :
       {"prenorm", "causal", "parallel_block", "use_rms_norm", "rotary_emb_interleaved",
        "scale_attn_by_inverse_layer_idx", "qkv_proj_bias", "mlp_fc1_bias", "mlp_fc2_bias"}) {
    if (config.flag(key)) config.fail(key, "is not supported");
  }
  if (const double fraction = config.positive("rotary_emb_fraction", 1); fraction != 1) {
    config.fail("rotary_emb_fraction", fmt::format("{} is not supported, only 1 is", fraction));
  }
  if (config.has("rotary_emb_scale_base")) config.fail("rotary_emb_scale_base", "is not supported");
  for (const char* const key : {"num_experts", "moe_every_n_layers"}) {
    if (config.index(key, 0) != 0) config.fail(key, "a mixture of experts is not supported");
  }
  if (const std::string gated = config.text("activation_function").value_or("swiglu");
      gated != "swiglu") {
    config.fail("activation_function", fmt::format("{} is not supported, only swiglu is", gated));
  }
}

EncoderSpec read_spec(const ConfigReader& config) {
  refuse_what_differs(config);
  const auto key = [&](const char* own, const char* of_gpt2) {
    return config.has(of_gpt2) && !config.has(own) ? of_gpt2 : own;
  };
  const SizeKeys keys{.hidden_size = key("hidden_size", "n_embd"),
                      .layers = key("num_hidden_layers", "n_layer"),
                      .heads = key("num_attention_heads", "n_head"),
                      .intermediate_size = key("intermediate_size", "n_inner"),
                      .max_positions = key("max_position_embeddings", "n_positions")};
  EncoderSpec spec = read_sizes(config, keys);
  if (config.has("n_positions") || config.has("max_trained_positions")) {
    spec.max_positions =
        std::min(spec.max_positions, config.rows("max_trained_positions", kTrainedPositions));
  }
  spec.token_types = config.rows("type_vocab_size", 2);
  spec.layer_norm_epsilon = config.epsilon(key("layer_norm_eps", "layer_norm_epsilon"), 1e-12F);
  spec.activation = config.activation("hidden_act", "silu");
  spec.attention_biases = spec.intermediate_biases = spec.output_biases = false;
  spec.gated_feed_forward = true;
  const double base = config.positive("rope_theta", config.positive("rotary_emb_base", 1000));
  set_rotary(config, read_rotary_base(rotary_parameters(config), base), keys, spec);
  return spec;
}

}  // namespace

const Architecture& nomic_bert() {
  static constexpr Architecture architecture{.model_type = "nomic_bert",
                                             .class_prefix = "NomicBert",
                                             .tensor_prefixes = {"nomic_bert.", "bert."},
                                             .names = kNames,
                                             .read_spec = read_spec};
  return architecture;
}

}  // namespace normscope
