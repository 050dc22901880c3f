#include "cli/merge_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/finish.h"
#include "cli/output_folder.h"
#include "normscope/checkpoint.h"
#include "normscope/error.h"
#include "normscope/report.h"

namespace normscope::cli {
namespace {

struct Options {
  std::vector<std::string> folders;
  std::string out;
  bool quiet = false;
};

struct FoundPart {
  Part part;
  Checkpoint checkpoint;
};

// All parts of one run, in their order.
std::vector<FoundPart> find_parts(const std::vector<std::string>& folders) {
  std::vector<std::optional<FoundPart>> found;
  std::optional<Identity> identity;
  for (const std::string& folder : folders) {
    const std::filesystem::path shards = shards_folder(folder);
    if (!std::filesystem::exists(shards)) {
      throw Error(folder, "holds no part of a run (normscope run --shard I/N)");
    }
    if (!identity) identity = read_identity(shards);
    const Checkpoint checkpoint(shards, *identity);
    for (Part& part : read_parts(shards)) {
      if (found.empty()) found.resize(part.parts);
      if (part.parts != found.size() || part.part >= part.parts) {
        throw Error(shards, fmt::format("is cut into {} parts, not {}", part.parts, found.size()));
      }
      auto& place = found[part.part];
      if (place) throw Error(shards, fmt::format("part {} comes twice", part.part + 1));
      place.emplace(FoundPart{.part = std::move(part), .checkpoint = checkpoint});
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

void merge(const Options& options) {
  const std::vector<FoundPart> parts = find_parts(options.folders);
  const Part& first = parts.front().part;
  const std::filesystem::path out = options.out.empty() ? options.folders.front() : options.out;
  make_writable_folder(out);
  finish(
      out, first.manifest, first.shards,
      [&](std::uint64_t shard) { return parts[shard % parts.size()].checkpoint.read(shard); },
      options.quiet);
}

}  // namespace

void add_merge_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "merge", "Put the parts of a run (--shard I/N) together: the report that one run would make");
  const auto options = std::make_shared<Options>();
  command->add_option("folders", options->folders, "The folders that the parts were written into")
      ->required();
  command->add_option("--out", options->out, "Folder to write into [the first of them]")
      ->option_text("FOLDER");
  command->add_flag("--quiet", options->quiet, "No summary");
  command->callback([options] { merge(*options); });
}

}  // namespace normscope::cli
