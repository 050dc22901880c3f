#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/measure.h"

namespace normscope {

/// Some of a shard's sentences, measured in a way that is to tell what the rest means.
struct ControlRows {
  /// "shuffled_words", "random_weights"
  std::string name;
  /// A number a column for each of the sentences, in rising order of their indices.
  std::vector<std::uint64_t> indices;
  std::vector<std::vector<double>> statistics;
  KeptVectors vectors;
};

/// A shard of a run's sentences, measured.
struct MeasuredShard {
  Measurements measurements;
  /// Absent in fp32.
  std::optional<PrecisionError> precision_error;
  std::vector<ControlRows> controls = {};
  /// The shift β of the LayerNorm that made the vectors of the first of the kept points.
  std::vector<float> shift = {};
};

/// What decides a run's numbers, by name: runs of the same identity have the same shards.
using Identity = std::map<std::string, std::string>;

/// SHA-256 over the indices, the texts and the numbers, in hexadecimal.
std::string sha256_of(std::span<const Sentence> sentences);

/// The finished shards of a run in a folder, each in a file that is whole or not there, so that a
/// run that was killed goes on where its last finished shard ended. Several processes may fill one
/// folder with different shards. All functions throw Error.
class Checkpoint {
 public:
  /// Makes the folder, or opens one that a run with the same identity has made; names the first
  /// difference where it was another run.
  Checkpoint(std::filesystem::path folder, const Identity& identity, MeasuredColumns columns = {});

  [[nodiscard]] bool has(std::uint64_t shard) const;
  void write(std::uint64_t shard, const MeasuredShard& measured,
             const std::string& sentences_sha256) const;
  [[nodiscard]] MeasuredShard read(std::uint64_t shard) const;
  /// The same, of a shard that must have been made of these sentences.
  [[nodiscard]] MeasuredShard read(std::uint64_t shard, const std::string& sentences_sha256) const;

  /// Takes the folder away, with all that is in it.
  void remove() const;

 private:
  [[nodiscard]] std::filesystem::path file(std::uint64_t shard) const;

  std::filesystem::path folder_;
  MeasuredColumns columns_;
};

/// The identity of the run that made the folder. Throws Error where none did.
Identity read_identity(const std::filesystem::path& folder);

}  // namespace normscope
