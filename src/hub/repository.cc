#include "hub/repository.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "hub/content_hash.h"
#include "hub/file_lock.h"
#include "hub/names.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int all_attempts = 5;

bool is_string(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string();
}

bool is_size(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned();
}

// A file's entry in huggingface_hub's listing; null where the hub does not tell what that needs.
Json tree_entry(const Json& sibling) {
  if (!is_size(sibling, "size") || !is_string(sibling, "blobId")) return nullptr;
  Json entry = {{"size", sibling["size"]}, {"blob_id", sibling["blobId"]}};
  const auto lfs = sibling.find("lfs");
  if (lfs != sibling.end() && lfs->is_object() && is_string(*lfs, "sha256") &&
      is_size(*lfs, "size")) {
    entry["lfs_sha256"] = (*lfs)["sha256"];
    entry["lfs_size"] = (*lfs)["size"];
  }
  return entry;
}

}  // namespace

Repository::Repository(RepositoryKind kind, const std::string& name, const HubOptions& options,
                       const HubListener& listener)
    : cache_(options.cache, kind, name), client_(kind, name, options, listener), name_(name) {}

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
  return fetch(client_.locate(path, commit, all_attempts));
}

std::optional<fs::path> Repository::fetch_if_there(const std::string& path,
                                                   const std::string& commit) {
  if (const auto here = cache_.find(commit, path)) return here;
  if (cache_.is_known_missing(commit, path)) return std::nullopt;
  RemoteFile file;
  try {
    file = client_.locate(path, commit, all_attempts);
  } catch (const HubError& error) {
    if (error.kind() != HubError::Kind::missing_entry) throw;
    cache_.remember_missing(commit, path);
    return std::nullopt;
  }
  // A storage that has lost the file is another matter, and an error.
  return fetch(file);
}

Repository::Listing Repository::list(const std::string& revision, int attempts) {
  const Json json = client_.describe(revision, attempts);
  const auto siblings = json.find("siblings");
  if (!is_string(json, "sha") || !is_commit(json["sha"].get<std::string>()) ||
      siblings == json.end() || !siblings->is_array()) {
    throw Error(name_, "revision " + revision, "the hub's description has no commit or no files");
  }
  Listing listing{.commit = json["sha"].get<std::string>(), .files = {}};
  Json tree = {{"format_version", 1}, {"files", Json::object()}};
  bool complete = true;
  for (const Json& sibling : *siblings) {
    if (!sibling.is_object() || !is_string(sibling, "rfilename") ||
        !is_safe_path(sibling["rfilename"].get<std::string>())) {
      throw Error(name_, "revision " + revision,
                  "the hub lists a file whose name would lead out of its folder");
    }
    listing.files.push_back(sibling["rfilename"].get<std::string>());
    Json entry = tree_entry(sibling);
    complete = complete && !entry.is_null();
    tree["files"][listing.files.back()] = std::move(entry);
  }
  std::sort(listing.files.begin(), listing.files.end());
  cache_.remember_commit(revision, listing.commit);
  if (complete) cache_.remember_files(listing.commit, tree.dump(1));
  return listing;
}

}  // namespace normscope
