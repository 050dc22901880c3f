#pragma once

#include <span>
#include <string_view>

#include "model/config_reader.h"
#include "normscope/model.h"

namespace normscope {

/// What the tensors of a role are called, without ".weight" or ".bias"; {} stands for the layer.
struct RoleName {
  Role role = Role::word_embeddings;
  std::string_view name;
};

/// How the models of one architecture are stored: the only place that knows its names.
struct Architecture {
  /// As config.json says it.
  std::string_view model_type;
  /// How the names of its classes in transformers begin.
  std::string_view class_prefix;
  /// What stands before the tensors' names where the encoder was saved below a head.
  std::string_view tensor_prefix;
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

/// A spec with these sizes and nothing else.
EncoderSpec read_sizes(const ConfigReader& config, const SizeKeys& keys = {});

}  // namespace normscope
