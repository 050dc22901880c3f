#include "normscope/sources.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/cache_folder.h"
#include "corpus/corpus_files.h"
#include "corpus/format.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kModels = {kDefaultModel, "all-mpnet-base-v2"};
constexpr std::array<std::string_view, 3> kCorpora = {kDefaultCorpus, "moby-dick", "anarchist-faq"};

template <typename Names>
bool is_among(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The last part of a path; that of the folder if it ends in a slash.
std::string last_part(const std::filesystem::path& path) {
  const auto whole = std::filesystem::absolute(path).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

std::filesystem::path in_cache(const char* kind, const std::string& name) {
  auto folder = cache_folder() / kind / name;
  if (!std::filesystem::is_directory(folder)) {
    const bool is_default = name == kDefaultModel || name == kDefaultCorpus;
    throw Error(name, fmt::format("is not in the cache yet ({}); {} puts it there", folder.string(),
                                  is_default ? "./quickstart or scripts/fetch-data"
                                             : "scripts/fetch-data --tests"));
  }
  return folder;
}

template <typename Names>
std::vector<BuiltIn> list(const Names& names, const char* kind) {
  std::vector<BuiltIn> items;
  for (const std::string_view name : names) {
    BuiltIn& item = items.emplace_back(BuiltIn{.name = std::string(name), .bytes = {}});
    const auto folder = cache_folder() / kind / name;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
      std::error_code unknown;
      const auto size = at->is_regular_file(unknown) ? at->file_size(unknown) : 0;
      if (!unknown) item.bytes = item.bytes.value_or(0) + size;
    }
  }
  return items;
}

ResolvedCorpus fetch_corpus(const std::string& name, CorpusOptions options,
                            const HubListener& listener) {
  DatasetReference reference = parse_dataset_reference(name);
  if (!reference.column.empty()) {
    if (options.column && *options.column != reference.column) {
      throw Error(name, fmt::format("names another column than {}", *options.column));
    }
    options.column = std::move(reference.column);
  }
  if (options.format != CorpusFormat::automatic && options.format != CorpusFormat::parquet) {
    throw Error(name, fmt::format("a dataset's files are Parquet, not {}",
                                  normscope::name(options.format)));
  }
  options.format = CorpusFormat::parquet;
  FetchedDataset dataset = fetch_dataset(reference, HubOptions::from_environment(), listener);
  options.files = std::move(dataset.files);
  return {.input = dataset.folder.string(),
          .options = std::move(options),
          .name = last_part(reference.repository)};
}

}  // namespace

ResolvedModel resolve_model(const std::string& name_or_folder, const HubListener& listener) {
  if (name_or_folder.empty()) throw Error("model", "the name is empty");
  std::error_code ignored;
  if (fs::exists(name_or_folder, ignored)) {
    return {.folder = name_or_folder, .name = last_part(name_or_folder)};
  }
  if (is_among(kModels, name_or_folder)) {
    return {.folder = in_cache("models", name_or_folder), .name = name_or_folder};
  }
  try {
    const ModelReference reference = parse_model_reference(name_or_folder);
    return {.folder = fetch_model(reference, HubOptions::from_environment(), listener),
            .name = last_part(reference.repository)};
  } catch (const Error& error) {
    // It begins with the name again if the hub lacks that name.
    std::string reason = error.what();
    if (error.file() == name_or_folder) reason.erase(0, reason.find(": ") + 2);
    throw Error(name_or_folder,
                fmt::format("is not a folder or a built-in model ({}), and cannot be had from the "
                            "hub: {}",
                            fmt::join(kModels, ", "), reason));
  }
}

std::vector<BuiltIn> built_in_models() { return list(kModels, "models"); }
std::vector<BuiltIn> built_in_corpora() { return list(kCorpora, "corpora"); }

ResolvedCorpus resolve_corpus(const std::string& name_or_path, CorpusOptions options,
                              const HubListener& listener) {
  const auto resolved = [&](std::string path, std::string name) {
    return ResolvedCorpus{
        .input = std::move(path), .options = std::move(options), .name = std::move(name)};
  };
  if (name_or_path.empty()) throw Error("corpus", "the name is empty");
  if (name_or_path == "-") return resolved("-", "stdin");
  std::error_code ignored;
  if (std::filesystem::is_directory(name_or_path, ignored)) {
    return resolved(name_or_path, last_part(name_or_path));
  }
  if (std::filesystem::exists(name_or_path, ignored)) {
    const std::filesystem::path name = without_compression(last_part(name_or_path));
    return resolved(name_or_path, name.stem());
  }
  if (is_dataset_reference(name_or_path))
    return fetch_corpus(name_or_path, std::move(options), listener);
  if (const std::size_t wildcard = first_wildcard(name_or_path); wildcard != std::string::npos) {
    const std::size_t slash = name_or_path.rfind('/', wildcard);
    const bool here = slash == std::string::npos;
    return resolved(name_or_path, last_part(here ? "." : name_or_path.substr(0, slash + 1)));
  }
  if (!is_among(kCorpora, name_or_path)) {
    throw Error(name_or_path,
                fmt::format("is not a file, a folder or a built-in corpus ({}); the name of a "
                            "dataset on the hub begins with hf:",
                            fmt::join(kCorpora, ", ")));
  }
  options.prose = true;
  return resolved(in_cache("corpora", name_or_path), name_or_path);
}

}  // namespace normscope
