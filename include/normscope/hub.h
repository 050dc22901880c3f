// Models and datasets by their names on the Hugging Face hub, as local folders: files that are not
// yet in this machine's cache are downloaded and checked.
//
//     const auto options = normscope::HubOptions::from_environment();
//     const auto name = normscope::parse_model_reference("bert-base-uncased");
//     const auto folder = normscope::fetch_model(name, options, {});
//     const normscope::Model model = normscope::load_model(folder);
//
// A library that was built without the hub (NORMSCOPE_HUB) does not have this header.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/export.h"
#include "normscope/hub_listener.h"

namespace normscope {

/// A model on the Hugging Face hub: `name` or `organisation/name`, then `@revision` (a branch, a
/// tag or a commit). Default: main.
struct ModelReference {
  std::string repository;
  std::string revision = "main";

  bool operator==(const ModelReference&) const = default;
};

/// A dataset on the hub: `hf:name` or `hf:organisation/name`, then `:config`, `:split`, `:column`
/// in this order, an empty one for the default, then `@revision`.
struct DatasetReference {
  std::string repository;
  /// Empty: the only one, or the one called "default".
  std::string config;
  /// Empty: "train", or the only one.
  std::string split;
  /// Empty: the reader's choice.
  std::string column;
  std::string revision = "main";

  bool operator==(const DatasetReference&) const = default;
};

/// Throws Error that says which part of the reference breaks the hub's rules for names.
NORMSCOPE_EXPORT ModelReference parse_model_reference(std::string_view text);
NORMSCOPE_EXPORT DatasetReference parse_dataset_reference(std::string_view text);

/// Whether the text is meant as a dataset's name: it begins with "hf:".
NORMSCOPE_EXPORT bool is_dataset_reference(std::string_view text);

/// Where the hub and its cache are, as huggingface_hub's environment variables say.
struct NORMSCOPE_EXPORT HubOptions {
  /// HF_ENDPOINT, without a slash at its end.
  std::string endpoint = "https://huggingface.co";
  /// HF_TOKEN, else the content of HF_TOKEN_PATH or $HF_HOME/token. Sent only to the endpoint.
  std::string token = {};
  /// HF_HUB_CACHE, else $HF_HOME/hub; HF_HOME is $XDG_CACHE_HOME/huggingface if it is not set.
  std::filesystem::path cache = {};
  /// HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE: only the cache is used.
  bool offline = false;
  /// HF_HUB_ETAG_TIMEOUT and HF_HUB_DOWNLOAD_TIMEOUT: seconds without an answer or a byte.
  std::int64_t answer_timeout = 10;
  std::int64_t silence_timeout = 10;

  /// Throws Error for a value that cannot be used.
  static HubOptions from_environment();
};

/// The snapshot folder of a model in the cache, with config.json, the tokenizer's files and the
/// weights, and those of the modules of sentence-transformers; downloads those that are missing.
/// All files are of one commit, and each is checked against the hash that the hub gives for it. If
/// the hub cannot be asked, the cache's last snapshot of the revision is used. Throws Error.
NORMSCOPE_EXPORT std::filesystem::path fetch_model(const ModelReference& reference,
                                                   const HubOptions& options,
                                                   const HubListener& listener);

struct FetchedDataset {
  /// The snapshot folder in the cache.
  std::filesystem::path folder;
  /// Relative to it, in byte order.
  std::vector<std::string> files;
};

/// The Parquet files of one split of one config, downloaded like those of a model: the dataset's
/// own Parquet files, or if main has none, those that the hub has converted (its branch
/// refs/convert/parquet). Throws Error, which lists the configs and splits if the one asked for
/// does not exist.
NORMSCOPE_EXPORT FetchedDataset fetch_dataset(const DatasetReference& reference,
                                              const HubOptions& options,
                                              const HubListener& listener);

enum class RepositoryKind { model, dataset };

/// A repository in the cache.
struct CachedRepository {
  std::string name;
  /// The branches and tags that are known here.
  std::vector<std::string> revisions;
  std::uint64_t bytes = 0;
};

/// The repositories in the cache, sorted by name; empty if there is no cache that can be read.
NORMSCOPE_EXPORT std::vector<CachedRepository> list_cached(RepositoryKind kind,
                                                           const HubOptions& options);

}  // namespace normscope
