// Finished shards of a run on disk, so that a run that was killed resumes after the last of them.
//
//     const normscope::Checkpoint checkpoint("shards", {{"model", sha256}, {"seed", "0"}});
//     if (!checkpoint.has(0)) checkpoint.write(0, measured, normscope::sha256_of(sentences));
//     const normscope::MeasuredShard shard = checkpoint.read(0);
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "normscope/corpus.h"
#include "normscope/export.h"
#include "normscope/measure.h"

namespace normscope {

/// Some of a shard's sentences, measured again in the way of a control.
struct ControlRows {
  /// "shuffled_words", "random_weights"
  std::string name;
  /// One number per column for each of the sentences, in ascending order of their indices.
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
NORMSCOPE_EXPORT std::string sha256_of(std::span<const Sentence> sentences);

/// A short name for the run of an identity: the SHA-256 of its entries, in hexadecimal.
NORMSCOPE_EXPORT std::string sha256_of(const Identity& identity);

/// The finished shards of a run in a folder, each in a file that is whole or not there, so that a
/// run that was killed resumes after its last finished shard. Several processes may fill one folder
/// with different shards. All functions throw Error.
class NORMSCOPE_EXPORT Checkpoint {
 public:
  /// Creates the folder if it is missing.
  Checkpoint(std::filesystem::path folder, const Identity& identity, MeasuredColumns columns = {});

  [[nodiscard]] bool has(std::uint64_t shard) const;
  void write(std::uint64_t shard, const MeasuredShard& measured,
             const std::string& sentences_sha256) const;
  /// Throws Error if the file is not the run's shard of this number.
  [[nodiscard]] MeasuredShard read(std::uint64_t shard) const;
  /// The same, for a shard that must have been made from these sentences.
  [[nodiscard]] MeasuredShard read(std::uint64_t shard, const std::string& sentences_sha256) const;

 private:
  [[nodiscard]] std::filesystem::path file(std::uint64_t shard) const;
  [[nodiscard]] MeasuredShard read(std::uint64_t shard, const std::string* sentences_sha256) const;

  std::filesystem::path folder_;
  std::string run_;
  MeasuredColumns columns_;
};

}  // namespace normscope
