#include "report/compare_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/compare_tables.h"
#include "report/printable.h"
#include "report/thousands.h"

namespace normscope {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kLongestName = 40;
constexpr std::size_t kLongestCell = 60;
constexpr std::size_t kLongestNote = 1000;

std::string safe(std::string_view text, std::size_t longest) {
  return printable(text, longest, Medium::terminal);
}

/// Number of characters in valid UTF-8.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

struct Block {
  std::vector<std::string> lines;

  explicit Block(const CompareTable& table) : lines(table.rows.size() + 1) {
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      lines[row + 1] = safe(table.rows[row], kLongestCell);
    }
    pad();
  }

  /// Pads all lines to the length of the longest plus two spaces.
  void pad() {
    std::size_t longest = 0;
    for (const std::string& line : lines) longest = std::max(longest, width(line));
    for (std::string& line : lines) line.append(longest - width(line) + 2, ' ');
  }
};

std::size_t width(const CompareTable::Column& column) {
  std::size_t longest = width(column.head);
  for (const std::string& cell : column.cells) longest = std::max(longest, width(cell));
  return longest;
}

std::string text_of(const Block& block) {
  std::string text;
  for (const std::string& line : block.lines) {
    text += "  " + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text + "\n";
}

/// Puts as many columns side by side as fit.
std::string blocks(const CompareTable& table) {
  std::string text;
  Block block(table);
  bool empty = true;
  for (const CompareTable::Column& column : table.columns) {
    if (!empty && 2 + width(block.lines.front()) + width(column) > kWidth) {
      text += text_of(block);
      block = Block(table);
    }
    block.lines.front() += column.head;
    for (std::size_t row = 0; row < column.cells.size(); ++row) {
      block.lines[row + 1] += column.cells[row];
    }
    block.pad();
    empty = false;
  }
  return text + text_of(block);
}

}  // namespace

std::string compare_summary(const RunComparison& comparison) {
  std::string text = "Runs\n";
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    const auto& [name, path, run] = comparison.runs[i];
    text += fmt::format("  {}  {}: {} on {}, n = {}\n", i + 1, safe(name, kLongestName),
                        safe(run.results.manifest.model.name, kLongestName),
                        safe(run.results.manifest.corpus.name, kLongestName),
                        thousands(run.kept.size()));
  }
  text += "\nNumbers, with 95 % intervals\n" + blocks(run_table(comparison));
  if (const CompareTable probes = probe_table(comparison); !probes.rows.empty()) {
    text += "R² of a linear probe of the vector, held out\n" + blocks(probes);
  }
  text += "Differences, with 95 % intervals\n" + blocks(pair_table(comparison));
  text += pair_legend(comparison) + "\n";
  for (const std::string& note : comparison.notes) {
    text += "Note: " + safe(note, kLongestNote) + "\n";
  }
  return text;
}

}  // namespace normscope
