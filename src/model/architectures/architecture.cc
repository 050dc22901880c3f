#include "model/architectures/architecture.h"

#include <fmt/format.h>

namespace normscope {

EncoderSpec read_sizes(const ConfigReader& config, const SizeKeys& keys) {
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

}  // namespace normscope
