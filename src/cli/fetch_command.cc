#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/hub_progress.h"
#include "cli/terminal.h"
#include "normscope/error.h"
#include "normscope/hub.h"
#include "normscope/sources.h"

namespace normscope::cli {
namespace {

struct FetchChoice {
  std::vector<std::string> names;
  bool quiet = false;
};

void print_path(const std::filesystem::path& path) { print(path.string() + "\n"); }

void fetch(const std::string& name, bool quiet) {
  if (name.empty()) throw Error("fetch", "one of the names is empty");
  if (!is_dataset_reference(name))
    return print_path(resolve_model(name, show_hub_progress(quiet)).folder);
  const FetchedDataset dataset = fetch_dataset(
      parse_dataset_reference(name), HubOptions::from_environment(), show_hub_progress(quiet));
  for (const std::string& file : dataset.files) print_path(dataset.folder / file);
}

// If one name cannot be fetched, the others still are.
void fetch_each(const FetchChoice& options) {
  bool failed = false;
  for (const std::string& name : options.names) {
    try {
      fetch(name, options.quiet);
    } catch (const Error& error) {
      if (error.file() == kStandardOutput) throw;
      say(fmt::format("normscope: {}\n", error.what()));
      failed = true;
    }
  }
  if (failed) throw Exit{kFailed};
}

}  // namespace

void add_fetch_command(CLI::App& app) {
  CLI::App* const command = app.add_subcommand(
      "fetch", "Download models and datasets from the Hugging Face hub and print where they are");
  // Lives as long as the callback that reads it.
  const auto options = std::make_shared<FetchChoice>();
  command
      ->add_option("NAME", options->names,
                   "A model, [ORGANISATION/]NAME[@REVISION], or a dataset, "
                   "hf:[ORGANISATION/]NAME[:CONFIG[:SPLIT]][@REVISION]")
      ->required()
      ->type_name("");
  command->add_flag("--quiet", options->quiet, "Do not print progress");
  command->callback([options] { fetch_each(*options); });
}

}  // namespace normscope::cli
