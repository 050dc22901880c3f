#pragma once

#include <filesystem>
#include <string>

#include "normscope/checkpoint.h"

namespace normscope::cli {

/// Where in a run's folder its finished shards lie until it is whole.
std::filesystem::path shards_folder(const std::filesystem::path& folder);

/// A name as a part of a folder's name: at most 60 characters, and harmless ones only, for names
/// come from the user's paths.
std::string file_name_part(const std::string& name);

/// `name` in the current folder, or name-2, name-3, …: the first that is not there.
std::filesystem::path fresh_path(const std::string& name);

/// Makes a folder where there is none yet; whether it did. Throws Error where it cannot be written
/// into.
bool make_writable_folder(const std::filesystem::path& folder);

/// The folder that a run writes into; it exists and is writable before anything is measured. A
/// folder that was made for a run that ends without one finished shard is taken away again.
class OutputFolder {
 public:
  /// `wanted`, or where it is empty one in the current folder named after model and corpus: one in
  /// which a run of this identity is unfinished, else a fresh one. Throws Error.
  OutputFolder(const std::string& wanted, const std::string& model, const std::string& corpus,
               const Identity& identity);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path shards() const { return shards_folder(path_); }

 private:
  std::filesystem::path path_;
  bool made_ = false;
};

}  // namespace normscope::cli
