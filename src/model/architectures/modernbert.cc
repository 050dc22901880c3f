// ModernBertModel of transformers: models/modernbert/{configuration,modeling}_modernbert.py. Its
// LayerNorms come before the blocks, its positions are rotary, most of its layers are local, and
// its feed-forward blocks are gated.
#include <fmt/format.h>

#include <array>
#include <string>

#include "model/architectures/architecture.h"

namespace normscope {
namespace {

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.tok_embeddings"},
    RoleName{Role::embedding_norm, "embeddings.norm"},
    RoleName{Role::query, "layers.{}.attn.Wqkv", 0, 3},
    RoleName{Role::key, "layers.{}.attn.Wqkv", 1, 3},
    RoleName{Role::value, "layers.{}.attn.Wqkv", 2, 3},
    RoleName{Role::attention_output, "layers.{}.attn.Wo"},
    RoleName{Role::attention_norm, "layers.{}.attn_norm"},
    RoleName{Role::intermediate, "layers.{}.mlp.Wi", 0, 2},
    RoleName{Role::gate, "layers.{}.mlp.Wi", 1, 2},
    RoleName{Role::output, "layers.{}.mlp.Wo"},
    RoleName{Role::output_norm, "layers.{}.mlp_norm"},
    RoleName{Role::final_norm, "final_norm"},
};

constexpr double kGlobalBase = 160000;
constexpr double kLocalBase = 10000;

void read_local_layers(const ConfigReader& config, EncoderSpec& spec) {
  // The window has this width, both sides together.
  spec.local_reach = config.rows("local_attention", 128) / 2;
  const std::vector<std::string> types = config.texts("layer_types");
  const std::size_t every = config.rows("global_attn_every_n_layers", 3);
  if (!types.empty() && types.size() != spec.layers) {
    config.fail("layer_types", fmt::format("has {} layers, where num_hidden_layers says {}",
                                           types.size(), spec.layers));
  }
  for (std::size_t layer = 0; layer < spec.layers; ++layer) {
    std::string type = layer % every == 0 ? "full_attention" : "sliding_attention";
    if (!types.empty()) type = types[layer];
    if (type == "sliding_attention") {
      spec.local_layers.push_back(layer);
    } else if (type != "full_attention") {
      config.fail("layer_types", fmt::format("{} is not supported, only full_attention and "
                                             "sliding_attention are",
                                             type));
    }
  }
}

EncoderSpec read_spec(const ConfigReader& config) {
  EncoderSpec spec = read_sizes(config);
  spec.layer_norm_epsilon = config.epsilon("norm_eps", 1e-5F);
  spec.activation = config.activation("hidden_activation", "gelu");
  spec.norms = NormPlace::before;
  spec.first_attention_norm = false;
  spec.attention_biases = config.flag("attention_bias");
  spec.intermediate_biases = spec.output_biases = config.flag("mlp_bias");
  spec.norm_biases = config.flag("norm_bias");
  spec.gated_feed_forward = true;
  read_local_layers(config, spec);
  for (const char* const key : {"rope_scaling", "sliding_window"}) {
    if (config.has(key)) config.fail(key, "is not supported");
  }
  // Versions of transformers differ in what it means, from an error to the global base.
  if (config.is_null("local_rope_theta")) config.fail("local_rope_theta", "is null");
  const std::optional<ConfigReader> rotary = config.object("rope_parameters");
  const auto base = [&](const char* kind, const char* older_key, double fallback) {
    return read_rotary_base(rotary ? rotary->object(kind) : std::nullopt,
                            config.positive(older_key, fallback));
  };
  set_rotary(config, base("full_attention", "global_rope_theta", kGlobalBase), {}, spec);
  spec.local_rotary_base = base("sliding_attention", "local_rope_theta", kLocalBase);
  return spec;
}

}  // namespace

const Architecture& modernbert() {
  static constexpr Architecture architecture{.model_type = "modernbert",
                                             .class_prefix = "ModernBert",
                                             .tensor_prefixes = {"model."},
                                             .names = kNames,
                                             .read_spec = read_spec};
  return architecture;
}

}  // namespace normscope
