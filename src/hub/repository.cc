#include "hub/repository.h"

#include <system_error>

#include "base/file_lock.h"
#include "hub/content_hash.h"

namespace normscope {

namespace fs = std::filesystem;

Repository::Repository(RepositoryKind kind, const std::string& name, const HubOptions& options,
                       const HubListener& listener)
    : cache_(options.cache, kind, name), client_(kind, name, options, listener) {}

RemoteFile Repository::locate(const std::string& path, const std::string& revision, int attempts) {
  RemoteFile file = client_.locate(path, revision, attempts);
  cache_.remember_commit(revision, file.commit);
  return file;
}

fs::path Repository::fetch(const RemoteFile& file) try {
  if (const auto here = cache_.find(file.commit, file.path)) return *here;
  const fs::path blob = cache_.blob(file.etag);
  const fs::path lock_path = cache_.lock(file.etag);
  fs::create_directories(blob.parent_path());
  fs::create_directories(lock_path.parent_path());
  const FileLock lock(lock_path);
  std::error_code unknown;
  if (!fs::is_regular_file(blob, unknown)) {
    const fs::path unfinished = cache_.unfinished_blob(file.etag);
    client_.download(file, unfinished);
    fs::rename(unfinished, blob);
  }
  cache_.link(file.commit, file.path, file.etag);
  return cache_.snapshot(file.commit) / file.path;
} catch (const fs::filesystem_error& error) {
  throw Error(error.path1(), error.code().message());
}

fs::path Repository::fetch(const std::string& path, const std::string& commit) {
  if (const auto here = cache_.find(commit, path)) return *here;
  return fetch(client_.locate(path, commit, kMostAttempts));
}

std::optional<fs::path> Repository::fetch_if_there(const std::string& path,
                                                   const std::string& commit) {
  if (auto here = cache_.find(commit, path)) return here;
  if (cache_.is_known_missing(commit, path)) return std::nullopt;
  RemoteFile file;
  try {
    file = client_.locate(path, commit, kMostAttempts);
  } catch (const HubError& error) {
    if (error.kind() != HubError::Kind::missing_entry) throw;
    cache_.remember_missing(commit, path);
    return std::nullopt;
  }
  // If the storage has lost the file, that is an error.
  return fetch(file);
}

Listing Repository::list(const std::string& revision, int attempts) {
  Listing listing = client_.list(revision, attempts);
  cache_.remember_commit(revision, listing.commit);
  if (!listing.tree.empty()) cache_.remember_files(listing.commit, listing.tree);
  return listing;
}

}  // namespace normscope
