#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/hub.h"

namespace normscope {

/// One repository's part of the cache, with the layout of huggingface_hub:
/// {models,datasets}--org--name/{blobs/<etag>, snapshots/<commit>/<file>, refs/<revision>,
/// trees/<commit>.json, .no_exist/<commit>/<file>} and .locks/…/<etag>.lock beside it.
class RepositoryCache {
 public:
  RepositoryCache(const std::filesystem::path& cache, RepositoryKind kind,
                  std::string_view repository);

  /// The commit that a revision pointed to when the hub was last asked; a commit points to itself.
  [[nodiscard]] std::optional<std::string> commit(const std::string& revision) const;
  /// Does nothing if this is known, or the cache cannot be written to.
  void remember_commit(const std::string& revision, const std::string& commit) const;

  [[nodiscard]] std::filesystem::path snapshot(const std::string& commit) const;
  /// The file in the snapshot, if it and its blob are there.
  [[nodiscard]] std::optional<std::filesystem::path> find(const std::string& commit,
                                                          const std::string& path) const;

  [[nodiscard]] bool is_known_missing(const std::string& commit, const std::string& path) const;
  /// Does nothing if the cache cannot be written to.
  void remember_missing(const std::string& commit, const std::string& path) const;

  /// Whether the hub's listing of all files at a commit was kept.
  [[nodiscard]] bool is_listed(const std::string& commit) const;
  /// The paths of all files at a commit, in byte order: those that the hub has listed, if a listing
  /// was kept, else those that are here.
  [[nodiscard]] std::vector<std::string> files(const std::string& commit) const;
  /// `json`: as huggingface_hub's trees/<commit>.json. Does nothing if the cache cannot
  /// be written to.
  void remember_files(const std::string& commit, std::string_view json) const;

  [[nodiscard]] std::filesystem::path blob(const std::string& etag) const;
  [[nodiscard]] std::filesystem::path unfinished_blob(const std::string& etag) const;
  [[nodiscard]] std::filesystem::path lock(const std::string& etag) const;
  /// Makes the snapshot's file a relative link to the blob. Throws Error.
  void link(const std::string& commit, const std::string& path, const std::string& etag) const;

 private:
  [[nodiscard]] std::filesystem::path listing(const std::string& commit) const;

  std::filesystem::path folder_;
  std::filesystem::path locks_;
};

}  // namespace normscope
