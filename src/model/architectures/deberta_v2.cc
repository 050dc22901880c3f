// DebertaV2Model of transformers, also used by DeBERTa-v3: models/deberta_v2/{configuration,
// modeling}_deberta_v2.py. It is BertModel except for its attention, which also depends on how far
// a key is from its query; most models have no other positions. v2's larger models have a
// convolution.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/architectures/architecture.h"

namespace normscope {
namespace {

constexpr std::array kNames{
    RoleName{Role::word_embeddings, "embeddings.word_embeddings"},
    RoleName{Role::position_embeddings, "embeddings.position_embeddings"},
    RoleName{Role::token_type_embeddings, "embeddings.token_type_embeddings"},
    RoleName{Role::embedding_norm, "embeddings.LayerNorm"},
    RoleName{Role::embedding_projection, "embeddings.embed_proj"},
    RoleName{Role::relative_positions, "encoder.rel_embeddings"},
    RoleName{Role::relative_position_norm, "encoder.LayerNorm"},
    RoleName{Role::convolution, "encoder.conv.conv"},
    RoleName{Role::convolution_norm, "encoder.conv.LayerNorm"},
    RoleName{Role::query, "encoder.layer.{}.attention.self.query_proj"},
    RoleName{Role::key, "encoder.layer.{}.attention.self.key_proj"},
    RoleName{Role::value, "encoder.layer.{}.attention.self.value_proj"},
    RoleName{Role::position_query, "encoder.layer.{}.attention.self.pos_query_proj"},
    RoleName{Role::position_key, "encoder.layer.{}.attention.self.pos_key_proj"},
    RoleName{Role::attention_output, "encoder.layer.{}.attention.output.dense"},
    RoleName{Role::attention_norm, "encoder.layer.{}.attention.output.LayerNorm"},
    RoleName{Role::intermediate, "encoder.layer.{}.intermediate.dense"},
    RoleName{Role::output, "encoder.layer.{}.output.dense"},
    RoleName{Role::output_norm, "encoder.layer.{}.output.LayerNorm"},
};

bool holds(const std::vector<std::string>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

// The key's list, which may contain only `known`.
std::vector<std::string> list_of(const ConfigReader& config, const std::string& key,
                                 const std::vector<std::string>& known) {
  std::vector<std::string> list = config.texts_or_joined(key);
  for (const std::string& text : list) {
    if (!holds(known, text)) {
      config.fail(key, fmt::format("{} is not supported, only {} and {} are", text, known.front(),
                                   known.back()));
    }
  }
  return list;
}

std::optional<RelativePositions> read_relative_positions(const ConfigReader& config,
                                                         const EncoderSpec& spec) {
  const std::vector<std::string> scores = list_of(config, "pos_att_type", {"c2p", "p2c"});
  const bool relative = config.flag("relative_attention");
  if (scores.empty()) return std::nullopt;
  // With these, transformers would not add the scores, yet divide as if it had.
  if (!relative) config.fail("pos_att_type", "is not supported without relative_attention");
  RelativePositions positions;
  positions.buckets = config.rows_if_any("position_buckets").value_or(0);
  positions.limit = config.rows_if_any("max_relative_positions").value_or(spec.max_positions);
  positions.content_to_position = holds(scores, "c2p");
  positions.position_to_content = holds(scores, "p2c");
  positions.own_maps = !config.flag("share_att_key");
  positions.norm = holds(list_of(config, "norm_rel_ebd", {"none", "layer_norm"}), "layer_norm");
  // Farther away than half of the buckets, positions are counted by the logarithm of
  // 2 · limit / buckets.
  const std::size_t half = positions.buckets / 2;
  if (positions.buckets > 0 &&
      (half == 0 || (positions.limit - 1 <= half && spec.max_positions - 1 > half))) {
    config.fail("position_buckets", fmt::format("{} is not supported with distances up to {}",
                                                positions.buckets, positions.limit));
  }
  return positions;
}

EncoderSpec read_spec(const ConfigReader& config) {
  EncoderSpec spec = read_sizes(config);
  if (const std::size_t size = config.rows("attention_head_size", spec.hidden_size / spec.heads);
      size * spec.heads != spec.hidden_size) {
    config.fail(
        "attention_head_size",
        fmt::format("{} is not supported, only hidden_size / num_attention_heads is", size));
  }
  if (const std::size_t width = config.rows("embedding_size", spec.hidden_size);
      width != spec.hidden_size) {
    spec.embedding_size = width;
    spec.projection_first = true;
  }
  spec.absolute_positions = config.flag("position_biased_input", true);
  // The table in the weights does not bound this number then, and the tables that are made for each
  // distance must stay small.
  if (!spec.absolute_positions) spec.max_positions = config.width("max_position_embeddings");
  spec.token_types = config.rows_if_any("type_vocab_size").value_or(0);
  spec.layer_norm_epsilon = config.epsilon("layer_norm_eps", 1e-7F);
  spec.activation = config.activation("hidden_act", "gelu");
  spec.relative_positions = read_relative_positions(config, spec);
  spec.convolution_width = config.rows_if_any("conv_kernel_size").value_or(0);
  if (spec.convolution_width == 0) return spec;
  if (spec.convolution_width % 2 == 0) {
    config.fail("conv_kernel_size",
                fmt::format("{} is not supported, only odd numbers are", spec.convolution_width));
  }
  if (const std::size_t groups = config.rows("conv_groups", 1); groups != 1) {
    config.fail("conv_groups", fmt::format("{} is not supported, only 1 is", groups));
  }
  spec.convolution_activation = config.activation("conv_act", "tanh");
  return spec;
}

}  // namespace

const Architecture& deberta_v2() {
  static constexpr Architecture architecture{.model_type = "deberta-v2",
                                             .class_prefix = "DebertaV2",
                                             .tensor_prefixes = {"deberta."},
                                             .names = kNames,
                                             .read_spec = read_spec};
  return architecture;
}

}  // namespace normscope
