#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hub/hub_client.h"
#include "hub/repository_cache.h"

namespace normscope {

/// A repository as seen through its cache: files in the cache are used, the rest is downloaded into
/// it. Many processes may use one cache at once.
class Repository {
 public:
  Repository(RepositoryKind kind, const std::string& name, const HubOptions& options,
             const HubListener& listener);

  [[nodiscard]] const RepositoryCache& cache() const { return cache_; }

  /// Asks the hub what the file is at a revision; the cache remembers the revision's commit.
  RemoteFile locate(const std::string& path, const std::string& revision, int attempts);

  /// The local path of a file at a commit. Throws Error.
  std::filesystem::path fetch(const RemoteFile& file);
  std::filesystem::path fetch(const std::string& path, const std::string& commit);
  /// The same for a file that the repository may lack.
  std::optional<std::filesystem::path> fetch_if_there(const std::string& path,
                                                      const std::string& commit);

  /// Asks the hub for the repository's files at a revision; the cache remembers both.
  Listing list(const std::string& revision, int attempts);

 private:
  RepositoryCache cache_;
  HubClient client_;
};

}  // namespace normscope
