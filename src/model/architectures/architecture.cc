#include "model/architectures/architecture.h"

#include <fmt/format.h>

namespace normscope {

EncoderSpec read_sizes(const ConfigReader& config, const SizeKeys& keys) {
  for (const char* const key : {"is_decoder", "add_cross_attention"}) {
    if (config.flag(key)) config.fail(key, "a decoder is not supported, only an encoder is");
  }
  if (config.flag("is_causal")) {
    config.fail("is_causal", "causal attention is not supported, only that to all tokens is");
  }
  EncoderSpec spec;
  spec.hidden_size = config.width(keys.hidden_size);
  spec.layers = config.layers(keys.layers);
  spec.heads = config.width(keys.heads);
  spec.intermediate_size = config.width(keys.intermediate_size);
  spec.vocabulary_size = config.rows(keys.vocabulary_size);
  spec.max_positions = config.rows(keys.max_positions);
  if (spec.hidden_size % spec.heads != 0) {
    config.fail(keys.heads, fmt::format("{} does not divide {} {}", spec.heads, keys.hidden_size,
                                        spec.hidden_size));
  }
  return spec;
}

void begin_positions_after_padding(const ConfigReader& config, std::size_t padding_id,
                                   EncoderSpec& spec) {
  if (padding_id >= spec.max_positions - 1) {
    config.fail("max_position_embeddings",
                fmt::format("is {}, where the rows up to {} belong to padding", spec.max_positions,
                            padding_id));
  }
  spec.padding_id = padding_id;
  spec.first_position = padding_id + 1;
  spec.max_positions -= spec.first_position;
}

}  // namespace normscope
