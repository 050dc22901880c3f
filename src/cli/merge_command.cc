#include "cli/merge_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/choices.h"
#include "cli/finish.h"
#include "cli/stoppable.h"
#include "cli/terminal.h"
#include "experiment/run_folder.h"
#include "normscope/checkpoint.h"
#include "normscope/error.h"
#include "normscope/report.h"
#include "results/run_files.h"

namespace normscope::cli {
namespace {

struct Options {
  std::vector<std::string> folders;
  std::string out;
  bool overwrite = false;
  bool quiet = false;
};

// More than any cluster has.
constexpr std::uint64_t kMostParts = 1'000'000;

struct FoundPart {
  Part part;
  std::filesystem::path folder;
  Checkpoint checkpoint;
};

// All parts of one run, in their order.
std::vector<FoundPart> find_parts(const std::vector<std::string>& folders) {
  std::vector<std::optional<FoundPart>> found;
  std::optional<Identity> first;
  for (const std::string& folder : folders) {
    const std::filesystem::path shards = shards_folder(folder);
    if (!std::filesystem::exists(shards)) {
      throw Error(folder, "holds no part of a run (normscope run --shard I/N)");
    }
    const Identity identity = read_identity(shards);
    if (!first) first = identity;
    if (identity != *first) {
      throw Error(folder, fmt::format("holds a part of another run, {} as in {}",
                                      difference(identity, *first), folders.front()));
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

// What a merge into the folder of all its parts leaves, or a run in one part.
bool is_merged(const std::filesystem::path& folder) {
  return !std::filesystem::exists(shards_folder(folder)) && holds_finished_run(folder);
}

bool merge(const Options& options, const std::stop_token& stop) {
  if (options.out.empty() && is_merged(options.folders.front())) {
    if (!options.quiet) {
      print(fmt::format("{} holds the finished run already: {}\n", options.folders.front(),
                        (std::filesystem::path(options.folders.front()) / kPageFile).string()));
    }
    return true;
  }
  const std::vector<FoundPart> parts = find_parts(options.folders);
  const Part& first = parts.front().part;
  RunFolder out({.wanted = options.out.empty() ? options.folders.front() : options.out,
                 .default_name = {},
                 .overwrite = options.overwrite},
                {.identity = first.manifest.identity, .files = first.manifest.files});
  if (out.holds_finished_run()) {
    if (!options.quiet) {
      print(fmt::format("{} holds this run already, finished: {} (--overwrite merges it again)\n",
                        out.path().string(), (out.path() / kPageFile).string()));
    }
    return true;
  }
  // Parts elsewhere stay as they are, and so does one of them here.
  const auto is_here = [&](const FoundPart& part) {
    return std::filesystem::equivalent(part.folder, out.path());
  };
  return finish(
      out.path(), first.manifest, first.manifest.truncated, first.shards,
      [&](std::uint64_t shard) { return parts[shard % parts.size()].checkpoint.read(shard); },
      [&] {
        if (std::ranges::all_of(parts, is_here) || std::ranges::none_of(parts, is_here)) {
          out.remove_shards();
        }
      },
      options.quiet, stop);
}

}  // namespace

void add_merge_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "merge", "Put the parts of a run (run --shard I/N) together, into the report of one run");
  const auto options = std::make_shared<Options>();
  command->add_option("FOLDER", options->folders, "The folders that the parts were written into")
      ->required()
      ->check(problem_of_name)
      ->type_name("");
  command
      ->add_option("--out", options->out,
                   "Folder to write into. Default: the first of these folders")
      ->check(problem_of_name)
      ->option_text("FOLDER");
  command->add_flag("--overwrite", options->overwrite,
                    "Replace the run that the folder holds, be it another one or finished");
  command->add_flag("--quiet", options->quiet, "Print neither progress nor the summary");
  command->callback([options] {
    run_until_stopped([&](const std::stop_token& stop) { return merge(*options, stop); });
  });
}

}  // namespace normscope::cli
