#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace normscope {

/// A Parquet file of a dataset, and what its path says about it.
struct ParquetFile {
  std::string path;
  std::string config;
  std::string split;
  /// Of a file called …-00000-of-00007: 7.
  std::optional<std::size_t> shards;
};

/// The Parquet files among a repository's files. The usual layouts are understood:
/// [FOLDER/]SPLIT-00000-of-00007[-HASH].parquet, [FOLDER/]SPLIT/0000.parquet, and
/// [FOLDER/]SPLIT.parquet. The folder is the config, without a leading "data/"; without a folder
/// the config is "default".
std::vector<ParquetFile> parquet_files(const std::vector<std::string>& paths);

/// The paths of one config and split, each the default if it is empty (see DatasetReference), in
/// the order of `files`. Throws Error with `name` as the file: no such config or split, a default
/// that is not clear, a file of the split that is missing.
std::vector<std::string> choose_files(const std::vector<ParquetFile>& files,
                                      const std::string& config, const std::string& split,
                                      const std::string& name);

}  // namespace normscope
