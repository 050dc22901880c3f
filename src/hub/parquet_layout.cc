#include "hub/parquet_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::string_view kExtension = ".parquet";

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Removes the last dash of `text` and what follows, if there is one.
std::optional<std::string_view> cut_last_part(std::string_view& text) {
  const std::size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  const std::string_view part = text.substr(dash + 1);
  text = text.substr(0, dash);
  return part;
}

struct ShardedName {
  std::string_view split;
  std::size_t shards;
};

// SPLIT-00000-of-00007[-HASH]
std::optional<ShardedName> parse_sharded(std::string_view stem) {
  for (const bool hashed : {false, true}) {
    std::string_view rest = stem;
    if (hashed && !cut_last_part(rest)) continue;
    const auto total = cut_last_part(rest);
    const auto of = cut_last_part(rest);
    const auto shard = cut_last_part(rest);
    if (!shard || *of != "of" || !all_digits(*shard) || !all_digits(*total)) continue;
    std::size_t shards = 0;
    const auto parsed = std::from_chars(total->data(), total->data() + total->size(), shards);
    if (parsed.ec != std::errc()) continue;
    return ShardedName{rest, shards};
  }
  return std::nullopt;
}

// Removes the last folder from `folders`.
std::string cut_last_folder(std::string_view& folders) {
  const std::size_t slash = folders.rfind('/');
  const bool only = slash == std::string_view::npos;
  std::string last(only ? folders : folders.substr(slash + 1));
  folders = only ? std::string_view() : folders.substr(0, slash);
  return last;
}

std::string config_of(std::string_view folders) {
  if (folders == "data") folders = {};
  if (folders.starts_with("data/")) folders.remove_prefix(5);
  return folders.empty() ? "default" : std::string(folders);
}

// `wanted`, or if it is empty, the usual one, or the only one.
std::string choose(const std::set<std::string>& there, const std::string& wanted,
                   const std::string& usual, const std::string& what, const std::string& name) {
  const std::string& choice = wanted.empty() ? usual : wanted;
  if (there.contains(choice)) return choice;
  if (wanted.empty() && there.size() == 1) return *there.begin();
  const std::string reason = wanted.empty() ? fmt::format("has more than one {}, choose", what)
                                            : fmt::format("has no {} '{}', but", what, wanted);
  throw Error(name, fmt::format("{} {}", reason, fmt::join(there, ", ")));
}

}  // namespace

std::vector<ParquetFile> parquet_files(const std::vector<std::string>& paths) {
  std::vector<ParquetFile> files;
  for (const std::string& path : paths) {
    if (!path.ends_with(kExtension)) continue;
    std::string_view folders = std::string_view(path).substr(0, path.size() - kExtension.size());
    const std::string stem = cut_last_folder(folders);
    ParquetFile& file = files.emplace_back();
    file.path = path;
    if (const auto sharded = parse_sharded(stem)) {
      file.split = sharded->split;
      file.shards = sharded->shards;
    } else if (all_digits(stem) && !folders.empty()) {
      file.split = cut_last_folder(folders);
    } else {
      file.split = stem;
    }
    file.config = config_of(folders);
  }
  return files;
}

std::vector<std::string> choose_files(const std::vector<ParquetFile>& files,
                                      const std::string& config, const std::string& split,
                                      const std::string& name) {
  if (files.empty()) throw Error(name, "has no Parquet files");
  std::set<std::string> configs;
  for (const ParquetFile& file : files) configs.insert(file.config);
  const std::string chosen_config = choose(configs, config, "default", "config", name);
  std::set<std::string> splits;
  for (const ParquetFile& file : files) {
    if (file.config == chosen_config) splits.insert(file.split);
  }
  const std::string chosen_split = choose(splits, split, "train", "split", name);
  std::vector<std::string> chosen;
  std::size_t announced = 0;
  for (const ParquetFile& file : files) {
    if (file.config != chosen_config || file.split != chosen_split) continue;
    chosen.push_back(file.path);
    announced = std::max(announced, file.shards.value_or(0));
  }
  if (announced > chosen.size()) {
    throw Error(name, fmt::format("split '{}' has {} of its {} shards", chosen_split, chosen.size(),
                                  announced));
  }
  return chosen;
}

}  // namespace normscope
