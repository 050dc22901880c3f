#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "experiment/complete.h"
#include "experiment/run_folder.h"
#include "normscope/checkpoint.h"
#include "normscope/error.h"
#include "normscope/experiment.h"
#include "normscope/report.h"
#include "normscope/results.h"
#include "results/run_files.h"

namespace normscope {
namespace {

// More machines than any cluster has.
constexpr std::uint64_t kMostParts = 1'000'000;

struct FoundPart {
  Part part;
  std::filesystem::path folder;
  Checkpoint checkpoint;
};

// All parts of one run, in their order.
std::vector<FoundPart> find_parts(const std::vector<std::filesystem::path>& folders) {
  std::vector<std::optional<FoundPart>> found;
  std::optional<Identity> first;
  for (const std::filesystem::path& folder : folders) {
    const std::filesystem::path shards = shards_folder(folder);
    if (!std::filesystem::exists(shards)) {
      throw Error(folder, "holds no part of a run");
    }
    const Identity identity = read_identity(shards);
    if (!first) first = identity;
    if (identity != *first) {
      throw Error(folder, fmt::format("holds a part of another run, {} as in {}",
                                      difference(identity, *first), folders.front().string()));
    }
    const Checkpoint checkpoint(shards, identity);
    for (Part& part : read_parts(shards)) {
      if (part.parts == 0 || part.parts > kMostParts) {
        throw Error(shards, fmt::format("is cut into {} parts, which no run is", part.parts));
      }
      if (part.manifest.identity != identity) {
        throw Error(shards / part_file(part.part, part.parts), "is a part of another run");
      }
      if (found.empty()) found.resize(part.parts);
      if (part.parts != found.size() || part.part >= part.parts) {
        throw Error(shards, fmt::format("is cut into {} parts, not {}", part.parts, found.size()));
      }
      auto& place = found[part.part];
      if (place) throw Error(shards, fmt::format("part {} comes twice", part.part + 1));
      place.emplace(FoundPart{.part = std::move(part), .folder = folder, .checkpoint = checkpoint});
    }
  }
  if (found.empty()) throw Error(folders.front(), "holds no finished part of a run");
  std::vector<FoundPart> parts;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) {
      throw Error(folders.front(), fmt::format("part {} of {} is missing", i + 1, found.size()));
    }
    if (found[i]->part.shards != found.front()->part.shards) {
      throw Error(folders.front(),
                  fmt::format("part {} has read another number of sentences", i + 1));
    }
    parts.push_back(std::move(*found[i]));
  }
  return parts;
}

// What remains after a merge into the folder of all its parts, or after a run in one part.
bool is_merged(const std::filesystem::path& folder) {
  return !std::filesystem::exists(shards_folder(folder)) && holds_finished_run(folder);
}

}  // namespace

Experiment merge_parts(const MergeOptions& options, const ExperimentListener& listener,
                       const std::stop_token& stop) {
  if (options.folders.empty()) throw std::invalid_argument("no folder to merge");
  const std::filesystem::path& here = options.folders.front();
  if (options.folder.empty() && is_merged(here)) {
    return {.folder = here, .outcome = Experiment::Outcome::was_finished};
  }
  const std::vector<FoundPart> parts = find_parts(options.folders);
  const Part& first = parts.front().part;
  RunFolder out({.wanted = options.folder.empty() ? here : options.folder,
                 .default_name = {},
                 .overwrite = options.overwrite},
                {.identity = first.manifest.identity, .files = first.manifest.files});
  if (out.holds_finished_run()) {
    return {.folder = out.path(), .outcome = Experiment::Outcome::was_finished};
  }
  // Parts in other folders stay as they are, and so does one of them here.
  const auto is_here = [&](const FoundPart& part) {
    return std::filesystem::equivalent(part.folder, out.path());
  };
  const auto read = [&](std::uint64_t shard) {
    return parts[shard % parts.size()].checkpoint.read(shard);
  };
  const auto written = [&] {
    if (std::ranges::all_of(parts, is_here) || std::ranges::none_of(parts, is_here)) {
      out.remove_shards();
    }
  };
  return complete_run({.folder = out.path(),
                       .manifest = first.manifest,
                       .truncated = first.manifest.truncated,
                       .shards = first.shards,
                       .read = read,
                       .written = written},
                      listener, stop);
}

}  // namespace normscope
