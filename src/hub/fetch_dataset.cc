#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "hub/names.h"
#include "hub/parquet_layout.h"
#include "hub/repository.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

// Where the hub keeps its conversions of datasets in other formats.
constexpr const char* kConverted = "refs/convert/parquet";

// What the cache knows about a revision.
std::optional<Listing> cached_listing(const RepositoryCache& cache, const std::string& revision) {
  const std::optional<std::string> commit = cache.commit(revision);
  if (!commit) return std::nullopt;
  Listing listing{.commit = *commit, .files = cache.files(*commit)};
  if (listing.files.empty()) return std::nullopt;
  return listing;
}

// Nothing if there is no such revision.
std::optional<Listing> listing_of(Repository& repository, const std::string& revision,
                                  const HubOptions& options, const HubListener& listener) {
  auto cached = cached_listing(repository.cache(), revision);
  const bool lasts = cached && is_commit(revision) && repository.cache().is_listed(revision);
  if (options.offline || lasts) return cached;
  try {
    return repository.list(revision, cached ? 1 : kMostAttempts);
  } catch (const HubError& error) {
    if (revision == kConverted && error.kind() != HubError::Kind::unreachable) return std::nullopt;
    const bool final =
        error.kind() == HubError::Kind::missing || error.kind() == HubError::Kind::missing_entry;
    if (final || !cached) throw;
    if (listener.notice) listener.notice(fmt::format("{}; the cache's copy is used", error.what()));
    return cached;
  }
}

}  // namespace

FetchedDataset fetch_dataset(const DatasetReference& reference, const HubOptions& options,
                             const HubListener& listener) {
  const std::string& name = reference.repository;
  Repository repository(RepositoryKind::dataset, name, options, listener);
  std::optional<Listing> listing = listing_of(repository, reference.revision, options, listener);
  std::vector<ParquetFile> files;
  if (listing) files = parquet_files(listing->files);
  if (files.empty() && reference.revision == DatasetReference().revision) {
    listing = listing_of(repository, kConverted, options, listener);
    if (listing) files = parquet_files(listing->files);
  }
  if (!listing && options.offline) {
    throw Error(name, fmt::format("revision {}", reference.revision),
                fmt::format("is not in the cache ({}), and HF_HUB_OFFLINE forbids to ask the hub",
                            options.cache.string()));
  }
  FetchedDataset dataset;
  dataset.files = choose_files(files, reference.config, reference.split, name);
  dataset.folder = repository.cache().snapshot(listing->commit);
  for (const std::string& path : dataset.files) {
    if (options.offline && !repository.cache().find(listing->commit, path)) {
      throw Error(name, path, "is not in the cache, and HF_HUB_OFFLINE forbids to ask the hub");
    }
    repository.fetch(path, listing->commit);
  }
  return dataset;
}

}  // namespace normscope
