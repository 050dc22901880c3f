#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "model/config_reader.h"
#include "normscope/model.h"

namespace normscope {

/// What the tensors of a role are called, without ".weight" or ".bias"; {} stands for the layer.
struct RoleName {
  Role role = Role::word_embeddings;
  std::string_view name;
  /// Where a tensor holds several maps of a shape, one below the other: which one of how many.
  std::size_t part = 0;
  std::size_t parts = 1;
};

/// How the models of one architecture are stored: the only place that knows its names.
struct Architecture {
  /// As config.json says it.
  std::string_view model_type;
  /// How the names of its classes in transformers begin.
  std::string_view class_prefix;
  /// What stands before the tensors' names where the encoder was saved below a head; empty ones
  /// say nothing.
  std::array<std::string_view, 2> tensor_prefixes{};
  /// What a head's tensor is called that shares the word embeddings, and that may be stored in
  /// their place.
  std::string_view tied_words = {};
  /// Of a role that has several, the first that the files know counts.
  std::span<const RoleName> names;
  EncoderSpec (*read_spec)(const ConfigReader& config) = nullptr;
};

/// What config.json calls the sizes that every architecture has.
struct SizeKeys {
  const char* hidden_size = "hidden_size";
  const char* layers = "num_hidden_layers";
  const char* heads = "num_attention_heads";
  const char* intermediate_size = "intermediate_size";
  const char* vocabulary_size = "vocab_size";
  const char* max_positions = "max_position_embeddings";
};

/// A spec with these sizes and nothing else. Throws Error if the config makes a decoder or
/// another attention of the model than its architecture has.
EncoderSpec read_sizes(const ConfigReader& config, const SizeKeys& keys = {});

/// Makes positions of the spec what RoBERTa makes of them: the table's first rows belong to
/// padding, and a sentence's positions begin after them. Throws Error if no row is left.
void begin_positions_after_padding(const ConfigReader& config, std::size_t padding_id,
                                   EncoderSpec& spec);

/// Gives the spec rotary positions with this base in all layers, and checks that it can have them.
/// `keys` are those of its sizes.
void set_rotary(const ConfigReader& config, double base, const SizeKeys& keys, EncoderSpec& spec);

/// `rope_parameters`, or the older key for it.
std::optional<ConfigReader> rotary_parameters(const ConfigReader& config);

/// The base that such an object says; without an object, or where it says none, the fallback.
/// Throws Error if its angles are made in another way.
double read_rotary_base(const std::optional<ConfigReader>& parameters, double fallback);

}  // namespace normscope
