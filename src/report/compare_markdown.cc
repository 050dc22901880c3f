#include "report/compare_markdown.h"

#include <fmt/format.h>

#include "normscope/version.h"
#include "report/compare_tables.h"
#include "report/markdown_text.h"
#include "report/thousands.h"

namespace normscope {
namespace {

std::string markdown(std::string_view corner, const CompareTable& table) {
  std::string head = fmt::format("| {} |", corner);
  std::string rule = "|---|";
  for (const CompareTable::Column& column : table.columns) {
    head += fmt::format(" {} |", column.head);
    rule += "---|";
  }
  std::string text = head + "\n" + rule + "\n";
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    text += fmt::format("| {} |", markdown_plain(table.rows[row]));
    for (const CompareTable::Column& column : table.columns) {
      text += fmt::format(" {} |", column.cells[row]);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::string compare_markdown(const RunComparison& comparison) {
  std::string text = "# Runs compared\n\n| | run | model | corpus | sentences | statistic |\n";
  text += "|---|---|---|---|---:|---|\n";
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    const auto& [name, path, run] = comparison.runs[i];
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", i + 1, markdown_plain(name),
                        markdown_plain(run.results.manifest.model.name),
                        markdown_plain(run.results.manifest.corpus.name),
                        thousands(run.kept.size()), markdown_plain(run.statistics.front().name));
  }
  text += "\n## Numbers, with 95 % intervals\n\n" + markdown("run", run_table(comparison));
  if (const CompareTable probes = probe_table(comparison); !probes.rows.empty()) {
    text += "\n## R² of a linear probe of the vector, held out\n\n" + markdown("run", probes);
  }
  text += "\n## Differences, with 95 % intervals\n\n" + markdown("runs", pair_table(comparison));
  text += "\n" + markdown_plain(pair_legend(comparison)) + "\n";
  for (const std::string& note : comparison.notes) {
    text += fmt::format("\nNote: {}\n", markdown_plain(note));
  }
  text += fmt::format("\n- normscope {}\n", version());
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    const Manifest& manifest = comparison.runs[i].run.results.manifest;
    text += fmt::format("- run {}: {}; model {}, corpus {} (SHA-256)\n", i + 1,
                        markdown_code(manifest.command), markdown_code(manifest.model.sha256),
                        markdown_code(manifest.corpus.sha256));
  }
  return text;
}

}  // namespace normscope
