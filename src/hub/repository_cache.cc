#include "hub/repository_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/atomic_file.h"
#include "base/json_file.h"
#include "hub/names.h"
#include "normscope/error.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepestSnapshot = 32;

std::string_view folder_prefix(RepositoryKind kind) {
  return kind == RepositoryKind::model ? "models--" : "datasets--";
}

std::string folder_name(RepositoryKind kind, std::string_view repository) {
  std::string name(folder_prefix(kind));
  for (const char c : repository) name += c == '/' ? "--" : std::string(1, c);
  return name;
}

std::string repository_name(std::string_view folder) {
  std::string name;
  for (std::size_t i = 0; i < folder.size(); ++i) {
    const bool parted = folder.substr(i).starts_with("--");
    name += parted ? '/' : folder[i];
    i += parted ? 1 : 0;
  }
  return name;
}

bool is_there(const fs::path& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

// The regular files below a folder, relative to it, in byte order; links to files count, links to
// folders are not followed.
std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at.depth() >= kDeepestSnapshot) at.disable_recursion_pending();
    std::error_code unknown;
    if (at->is_regular_file(unknown)) found.push_back(at->path().lexically_relative(folder));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<std::string> read_commit(const fs::path& path) {
  std::error_code unknown;
  if (!fs::is_regular_file(path, unknown)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string commit;
  file >> commit;
  return is_commit(commit) ? std::optional(commit) : std::nullopt;
}

}  // namespace

RepositoryCache::RepositoryCache(const fs::path& cache, RepositoryKind kind,
                                 std::string_view repository)
    : folder_(cache / folder_name(kind, repository)),
      locks_(cache / ".locks" / folder_name(kind, repository)) {}

std::optional<std::string> RepositoryCache::commit(const std::string& revision) const {
  if (is_commit(revision)) return revision;
  return read_commit(folder_ / "refs" / revision);
}

void RepositoryCache::remember_commit(const std::string& revision,
                                      const std::string& commit) const {
  if (this->commit(revision) == commit) return;
  const fs::path path = folder_ / "refs" / revision;
  try {
    fs::create_directories(path.parent_path());
    write_atomically(path, commit);
  } catch (const std::runtime_error&) {
    return;  // it is asked for again the next time
  }
}

fs::path RepositoryCache::snapshot(const std::string& commit) const {
  return folder_ / "snapshots" / commit;
}

std::optional<fs::path> RepositoryCache::find(const std::string& commit,
                                              const std::string& path) const {
  const fs::path file = snapshot(commit) / path;
  std::error_code unknown;
  return fs::is_regular_file(file, unknown) ? std::optional(file) : std::nullopt;
}

bool RepositoryCache::is_known_missing(const std::string& commit, const std::string& path) const {
  return is_there(folder_ / ".no_exist" / commit / path);
}

void RepositoryCache::remember_missing(const std::string& commit, const std::string& path) const {
  const fs::path mark = folder_ / ".no_exist" / commit / path;
  std::error_code unwritable;
  fs::create_directories(mark.parent_path(), unwritable);
  const std::ofstream empty(mark);
}

bool RepositoryCache::is_listed(const std::string& commit) const {
  return is_there(listing(commit));
}

std::vector<std::string> RepositoryCache::files(const std::string& commit) const {
  if (!is_listed(commit)) return files_below(snapshot(commit));
  const nlohmann::json json = read_json_object(listing(commit));
  const auto entries = json.find("files");
  if (json.value("format_version", nlohmann::json()) != 1 || entries == json.end() ||
      !entries->is_object()) {
    return files_below(snapshot(commit));
  }
  std::vector<std::string> found;
  for (const auto& [path, entry] : entries->items()) {
    if (is_safe_path(path)) found.push_back(path);
  }
  return found;
}

void RepositoryCache::remember_files(const std::string& commit, std::string_view json) const {
  const fs::path path = listing(commit);
  if (is_there(path)) return;
  try {
    fs::create_directories(path.parent_path());
    write_atomically(path, json);
  } catch (const std::runtime_error&) {
    return;
  }
}

fs::path RepositoryCache::listing(const std::string& commit) const {
  return folder_ / "trees" / (commit + ".json");
}

fs::path RepositoryCache::blob(const std::string& etag) const { return folder_ / "blobs" / etag; }

fs::path RepositoryCache::unfinished_blob(const std::string& etag) const {
  return folder_ / "blobs" / (etag + ".incomplete");
}

fs::path RepositoryCache::lock(const std::string& etag) const { return locks_ / (etag + ".lock"); }

void RepositoryCache::link(const std::string& commit, const std::string& path,
                           const std::string& etag) const {
  const fs::path link = snapshot(commit) / path;
  if (is_there(link)) return;
  fs::create_directories(link.parent_path());
  // Created under another name, because a dangling link may be in its place.
  const fs::path aside = link.parent_path() / fmt::format(".{}.{}", etag, ::getpid());
  std::error_code ignored;
  fs::remove(aside, ignored);
  fs::create_symlink(blob(etag).lexically_relative(link.parent_path()), aside);
  fs::rename(aside, link);
}

std::vector<CachedRepository> list_cached(RepositoryKind kind, const HubOptions& options) {
  std::vector<CachedRepository> repositories;
  const std::string_view prefix = folder_prefix(kind);
  std::error_code error;
  for (fs::directory_iterator at(options.cache, error), end; !error && at != end;
       at.increment(error)) {
    const std::string folder = at->path().filename();
    std::error_code unknown;
    if (!folder.starts_with(prefix) || !at->is_directory(unknown)) continue;
    CachedRepository repository;
    repository.name = repository_name(folder.substr(prefix.size()));
    if (!is_repository_name(repository.name)) continue;
    const RepositoryCache cache(options.cache, kind, repository.name);
    std::set<fs::path> blobs;
    for (const std::string& file : files_below(at->path() / "snapshots")) {
      blobs.insert(fs::weakly_canonical(at->path() / "snapshots" / file, unknown));
    }
    // An interrupted download only.
    if (blobs.empty()) continue;
    for (const fs::path& blob : blobs) {
      if (const auto size = fs::file_size(blob, unknown); !unknown) repository.bytes += size;
    }
    repository.revisions = files_below(at->path() / "refs");
    repositories.push_back(std::move(repository));
  }
  std::sort(repositories.begin(), repositories.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return repositories;
}

}  // namespace normscope
