#include "model/architectures/architecture.h"

#include <fmt/format.h>

#include <string>

namespace normscope {
namespace {

// Far more than in any existing encoder; the table of their angles is held in memory.
constexpr std::size_t kMaxRotaryPositions = 1U << 17;

void refuse_partial(const ConfigReader& parameters) {
  const char* const key = "partial_rotary_factor";
  if (const double factor = parameters.positive(key, 1); factor != 1) {
    parameters.fail(key, fmt::format("{} is not supported, only 1 is", factor));
  }
}

}  // namespace

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

void set_rotary(const ConfigReader& config, double base, const SizeKeys& keys, EncoderSpec& spec) {
  const std::size_t size = spec.hidden_size / spec.heads;
  if (size % 2 != 0) {
    config.fail(keys.heads, fmt::format("{} makes heads of {} numbers, where rotary positions need "
                                        "an even one",
                                        spec.heads, size));
  }
  if (config.rows("head_dim", size) != size) {
    config.fail("head_dim", fmt::format("is not {}, that of the other sizes", size));
  }
  refuse_partial(config);
  if (spec.max_positions > kMaxRotaryPositions) {
    config.fail(keys.max_positions,
                fmt::format("is {}, more than {}", spec.max_positions, kMaxRotaryPositions));
  }
  spec.absolute_positions = false;
  spec.rotary_base = base;
  spec.local_rotary_base = base;
}

std::optional<ConfigReader> rotary_parameters(const ConfigReader& config) {
  return config.object(config.has("rope_scaling") ? "rope_scaling" : "rope_parameters");
}

double read_rotary_base(const std::optional<ConfigReader>& parameters, double fallback) {
  if (!parameters) return fallback;
  for (const char* const key : {"rope_type", "type"}) {
    if (const std::string type = parameters->text(key).value_or("default"); type != "default") {
      parameters->fail(key, fmt::format("{} is not supported, only default is", type));
    }
  }
  refuse_partial(*parameters);
  return parameters->positive("rope_theta", fallback);
}

}  // namespace normscope
