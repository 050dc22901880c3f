#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "cli/byte_size.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "normscope/hub.h"
#include "normscope/sources.h"

namespace normscope::cli {
namespace {

struct Row {
  std::string name, size, note;
};

void print_table(const std::vector<Row>& rows) {
  std::size_t name_width = 0;
  std::size_t size_width = 0;
  for (const Row& row : rows) {
    name_width = std::max(name_width, row.name.size());
    size_width = std::max(size_width, row.size.size());
  }
  std::string table;
  for (const Row& row : rows) {
    table +=
        fmt::format("{:<{}}  {:>{}}  {}\n", row.name, name_width, row.size, size_width, row.note);
  }
  print(table);
}

void list(const std::vector<BuiltIn>& built_in, RepositoryKind kind) {
  std::vector<Row> rows;
  for (const BuiltIn& item : built_in) {
    if (item.bytes) {
      rows.push_back({item.name, byte_size(*item.bytes), "built-in"});
    } else {
      rows.push_back({item.name, "-", "built-in, not in the cache; ./quickstart fetches it"});
    }
  }
  const std::string prefix = kind == RepositoryKind::dataset ? "hf:" : "";
  for (const CachedRepository& repository : list_cached(kind, HubOptions::from_environment())) {
    rows.push_back(
        {prefix + repository.name, byte_size(repository.bytes),
         fmt::format("hub, {}", repository.revisions.empty()
                                    ? "by commit"
                                    : fmt::to_string(fmt::join(repository.revisions, ", ")))});
  }
  print_table(rows);
}

}  // namespace

void add_cached_commands(CLI::App& app) {
  app.add_subcommand("models", "List the built-in models and those in the hub's cache")
      ->callback([] { list(built_in_models(), RepositoryKind::model); });
  app.add_subcommand("corpora", "List the built-in corpora and the datasets in the hub's cache")
      ->callback([] { list(built_in_corpora(), RepositoryKind::dataset); });
}

}  // namespace normscope::cli
