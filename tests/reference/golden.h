#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace normscope::reference {

/// What hidden_states.py keeps of one layer's hidden state, [tokens, hidden_size]; it documents the
/// formulas.
struct Sketch {
  /// L2 norm of the first row, that of [CLS].
  double cls_norm = 0;
  /// Frobenius norm.
  double norm = 0;
  /// Sums over pseudo-random signs.
  std::array<double, 8> sums{};
  /// Elements at pseudo-random positions.
  std::array<double, 16> values{};
};

/// The sketch of a row-major hidden state of `hidden_size` columns and at least one row.
Sketch sketch(std::span<const float> hidden_state, std::size_t hidden_size);

/// How far one hidden state is from another; 0 where they are equal.
struct Difference {
  /// Relative difference of the [CLS] norms.
  double cls_norm = 0;
  /// Estimate of ‖a − b‖ / ‖b‖ over all elements. Its square is right on average; the estimate is
  /// below a third of the truth in one case of 900.
  double hidden_state = 0;
  /// Largest |a − b| of the kept elements over the root mean square of all elements of b.
  double value = 0;
};

/// `elements`: the size of the hidden states, tokens · hidden_size.
Difference difference(const Sketch& actual, const Sketch& golden, std::size_t elements);

struct GoldenSentence {
  /// The special tokens included.
  std::vector<std::int32_t> ids;
  /// Layers 0 (the embeddings) to L.
  std::vector<Sketch> layers;
};

struct Golden {
  std::string model;
  /// model_sha256() of the folder that the numbers were made with.
  std::string model_sha256;
  std::vector<GoldenSentence> sentences;
};

/// Reads `golden/<name>.json`. Throws Error.
Golden read_golden(const std::string& name);

/// What rotary_frequencies.py keeps: transformers' frequencies of rotary positions.
struct RotaryFrequencies {
  double base = 0;
  double divisor = 0;
  std::size_t head_size = 0;
  std::vector<float> values;
};

/// Reads `golden/rotary_frequencies.json`. Throws Error.
std::vector<RotaryFrequencies> read_rotary_frequencies();

/// The models that small_models.py writes, their golden files' names.
std::vector<std::string> small_models();

/// Where the build puts a small model.
std::filesystem::path small_model_folder(const std::string& name);

/// The same of what sentence_encoders.py writes.
std::filesystem::path sentence_encoder_folder(const std::string& name);

}  // namespace normscope::reference
