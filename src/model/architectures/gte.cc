// GteModel of transformers: models/gte/{configuration,modeling}_gte.py. It is BertModel with rotary
// positions and gated feed-forward blocks. The files on the hub are older than that class: their
// type is "new", and their names differ.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "model/architectures/architecture.h"

namespace normscope {
namespace {

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.word_embeddings"},
    RoleName{Role::token_type_embeddings, "embeddings.token_type_embeddings"},
    RoleName{Role::embedding_norm, "embeddings.LayerNorm"},
    RoleName{Role::query, "encoder.layer.{}.attention.qkv_proj", 0, 3},
    RoleName{Role::query, "layers.{}.self_attn.q_proj"},
    RoleName{Role::key, "encoder.layer.{}.attention.qkv_proj", 1, 3},
    RoleName{Role::key, "layers.{}.self_attn.k_proj"},
    RoleName{Role::value, "encoder.layer.{}.attention.qkv_proj", 2, 3},
    RoleName{Role::value, "layers.{}.self_attn.v_proj"},
    RoleName{Role::attention_output, "encoder.layer.{}.attention.o_proj"},
    RoleName{Role::attention_output, "layers.{}.self_attn.o_proj"},
    RoleName{Role::attention_norm, "encoder.layer.{}.attn_ln"},
    RoleName{Role::attention_norm, "layers.{}.post_attention_layernorm"},
    RoleName{Role::intermediate, "encoder.layer.{}.mlp.up_gate_proj", 1, 2},
    RoleName{Role::intermediate, "layers.{}.mlp.gate_proj"},
    RoleName{Role::gate, "encoder.layer.{}.mlp.up_gate_proj", 0, 2},
    RoleName{Role::gate, "layers.{}.mlp.up_proj"},
    RoleName{Role::output, "encoder.layer.{}.mlp.down_proj"},
    RoleName{Role::output, "layers.{}.mlp.down_proj"},
    RoleName{Role::output_norm, "encoder.layer.{}.mlp_ln"},
    RoleName{Role::output_norm, "layers.{}.post_mlp_layernorm"},
};

// "ntk", for longer sentences than the model was trained on, scales by a factor f: the angles are
// those of a base f times as large, divided by f^(2/size). "linear" gives the result directly.
void read_rotary(const ConfigReader& config, double default_base, EncoderSpec& spec) {
  double base = config.positive("rope_theta", default_base);
  std::optional<ConfigReader> parameters = rotary_parameters(config);
  const std::string type =
      parameters ? parameters->text(parameters->has("type") ? "type" : "rope_type").value_or("")
                 : "";
  if (type == "ntk" || type == "linear") {
    if (parameters->has("mixed_b")) parameters->fail("mixed_b", "is not supported");
    const double factor = parameters->positive("factor", 1);
    base = parameters->positive("rope_theta", base);
    if (type == "ntk") base *= factor;
    const std::size_t size = spec.hidden_size / spec.heads;
    spec.rotary_divisor = type == "ntk" ? std::pow(factor, 2 / static_cast<double>(size)) : factor;
    parameters.reset();
  }
  set_rotary(config, read_rotary_base(parameters, base), {}, spec);
}

EncoderSpec read_any_spec(const ConfigReader& config, double default_base) {
  for (const auto& [key, only] :
       {std::pair{"position_embedding_type", "rope"}, std::pair{"layer_norm_type", "layer_norm"}}) {
    if (const std::string type = config.text(key).value_or(only); type != only) {
      config.fail(key, fmt::format("{} is not supported, only {} is", type, only));
    }
  }
  if (config.flag("logn_attention_scale")) config.fail("logn_attention_scale", "is not supported");
  EncoderSpec spec = read_sizes(config);
  spec.token_types = config.index("type_vocab_size", 1);
  spec.layer_norm_epsilon = config.epsilon("layer_norm_eps", 1e-12F);
  spec.activation = config.activation("hidden_act", "gelu");
  spec.intermediate_biases = false;
  spec.gated_feed_forward = true;
  read_rotary(config, default_base, spec);
  return spec;
}

EncoderSpec read_spec(const ConfigReader& config) { return read_any_spec(config, 160000); }
EncoderSpec read_new_spec(const ConfigReader& config) { return read_any_spec(config, 10000); }

}  // namespace

const Architecture& gte() {
  static constexpr Architecture architecture{.model_type = "gte",
                                             .class_prefix = "Gte",
                                             .tensor_prefixes = {"gte.", "new."},
                                             .names = kNames,
                                             .read_spec = read_spec};
  return architecture;
}

// The type in the hub's files, where the default base is different.
const Architecture& gte_new() {
  static constexpr Architecture architecture{.model_type = "new",
                                             .class_prefix = "New",
                                             .tensor_prefixes = {"new.", "gte."},
                                             .names = kNames,
                                             .read_spec = read_new_spec};
  return architecture;
}

}  // namespace normscope
