#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "model/config_reader.h"
#include "normscope/model.h"

namespace normscope {

/// The name of the tensors of a role, without ".weight" or ".bias"; {} stands for the layer.
struct RoleName {
  Role role = Role::word_embeddings;
  std::string_view name;
  /// If a tensor holds several maps of one shape, one below the other: which one of how many.
  std::size_t part = 0;
  std::size_t parts = 1;
};

/// How the models of one architecture are stored: the only place that knows its names.
struct Architecture {
  /// Its `model_type` in config.json.
  std::string_view model_type;
  /// The prefix of its classes' names in transformers.
  std::string_view class_prefix;
  /// The prefixes of the tensors' names if the encoder was saved below a head; empty ones are
  /// ignored.
  std::array<std::string_view, 2> tensor_prefixes{};
  /// The name of a head's tensor that shares the word embeddings, and may be stored in their place.
  std::string_view tied_words = {};
  /// If a role has several names, the first one in the files counts.
  std::span<const RoleName> names;
  EncoderSpec (*read_spec)(const ConfigReader& config) = nullptr;
};

/// The keys in config.json of the sizes that every architecture has.
struct SizeKeys {
  const char* hidden_size = "hidden_size";
  const char* layers = "num_hidden_layers";
  const char* heads = "num_attention_heads";
  const char* intermediate_size = "intermediate_size";
  const char* vocabulary_size = "vocab_size";
  const char* max_positions = "max_position_embeddings";
};

/// A spec with these sizes and nothing else. Throws Error if the config makes the model a decoder,
/// or gives it another attention than its architecture has.
EncoderSpec read_sizes(const ConfigReader& config, const SizeKeys& keys = {});

/// Gives the spec RoBERTa's positions: the table's first rows belong to padding, and a sentence's
/// positions begin after them. Throws Error if no row is left.
void begin_positions_after_padding(const ConfigReader& config, std::size_t padding_id,
                                   EncoderSpec& spec);

/// Gives the spec rotary positions with this base in all layers, and checks that it can have them.
/// `keys` are those of its sizes.
void set_rotary(const ConfigReader& config, double base, const SizeKeys& keys, EncoderSpec& spec);

/// The value of `rope_parameters`, or of the older key for it.
std::optional<ConfigReader> rotary_parameters(const ConfigReader& config);

/// The base in such an object; without an object, or if it has none, the fallback. Throws Error if
/// its angles are computed in another way.
double read_rotary_base(const std::optional<ConfigReader>& parameters, double fallback);

}  // namespace normscope
