#include "cli/fetch_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/hub_progress.h"
#include "cli/sources.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope::cli {
namespace {

struct Options {
  std::vector<std::string> names;
  bool quiet = false;
};

void print_path(const std::filesystem::path& path) {
  const std::string line = path.string() + "\n";
  if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fflush(stdout) != 0) {
    throw Error("standard output", std::strerror(errno));
  }
}

void fetch(const Options& options) {
  for (const std::string& name : options.names) {
    if (is_dataset_reference(name)) {
      const FetchedDataset dataset =
          fetch_dataset(parse_dataset_reference(name), HubOptions::from_environment(),
                        show_hub_progress(options.quiet));
      for (const std::string& file : dataset.files) print_path(dataset.folder / file);
    } else {
      print_path(resolve_model(name, options.quiet).folder);
    }
  }
}

}  // namespace

void add_fetch_command(CLI::App& app) {
  CLI::App* const command = app.add_subcommand(
      "fetch", "Download models and datasets from the Hugging Face hub, and print where they are");
  // Lives as long as the callback that reads it.
  const auto options = std::make_shared<Options>();
  command
      ->add_option("NAME", options->names,
                   "A model, [ORGANISATION/]NAME[@REVISION], or a dataset, "
                   "hf:[ORGANISATION/]NAME[:CONFIG[:SPLIT]][@REVISION]")
      ->required();
  command->add_flag("--quiet", options->quiet, "No progress on standard error");
  command->callback([options] { fetch(*options); });
}

}  // namespace normscope::cli
