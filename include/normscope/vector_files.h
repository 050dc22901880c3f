// Files of vectors, for other programs to read: Arrow (Feather 2) and NumPy.
//
//     normscope::NpyWriter file("vectors.npy", 384);
//     file.append(vectors);  // [sentences, 384], row by row
//     file.close();
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "normscope/encoder.h"
#include "normscope/export.h"
#include "normscope/measure.h"

namespace normscope {

/// A point whose vectors are written, and their length.
struct PointToWrite {
  ReadoutPoint point;
  std::size_t width = 0;
};

/// Writes vectors into an Arrow file (the IPC format, also called Feather 2): a column index
/// (uint64) and, for each point, a column of fixed-size lists of float named like "layer6.cls".
/// None is null.
class NORMSCOPE_EXPORT ArrowVectorWriter {
 public:
  /// This and the other functions throw Error if the file cannot be written.
  ArrowVectorWriter(const std::filesystem::path& path, std::span<const PointToWrite> points);
  ArrowVectorWriter(ArrowVectorWriter&&) noexcept;
  ArrowVectorWriter& operator=(ArrowVectorWriter&&) noexcept;
  /// Without a call of close() before, the file is not an Arrow file yet.
  ~ArrowVectorWriter();

  /// Vectors of the writer's points, in their order, each [indices, width]; throws
  /// std::invalid_argument for other shapes.
  void append(const KeptVectors& vectors);
  void close();

 private:
  struct NORMSCOPE_HIDDEN State;
  std::unique_ptr<State> state_;
};

/// Writes float32 rows of one width into a NumPy file (.npy, version 1.0), in the order given.
class NORMSCOPE_EXPORT NpyWriter {
 public:
  /// This and the other functions throw Error if the file cannot be written.
  NpyWriter(const std::filesystem::path& path, std::size_t width);
  NpyWriter(NpyWriter&&) noexcept;
  NpyWriter& operator=(NpyWriter&&) noexcept;
  /// Without a call of close() before, the file's header says that it has no rows.
  ~NpyWriter();

  /// Whole rows, one after the other ([rows, width]); throws std::invalid_argument for other
  /// shapes.
  void append(std::span<const float> rows);
  void close();

 private:
  struct NORMSCOPE_HIDDEN State;
  std::unique_ptr<State> state_;
};

}  // namespace normscope
