#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/choices.h"
#include "cli/commands.h"
#include "cli/corpus_options.h"
#include "cli/hub_progress.h"
#include "cli/numbers.h"
#include "cli/terminal.h"
#include "normscope/error.h"
#include "normscope/sources.h"
#include "normscope/text.h"
#include "normscope/tokenizer.h"

namespace normscope::cli {
namespace {

enum class Format { ids, tokens, json };

struct TokenizeChoice {
  std::string model = kDefaultModel;
  std::string file = "-";
  Format format = Format::ids;
  /// Whether the lines are JSON strings.
  bool jsonl = false;
  std::optional<std::size_t> max_length;
};

// A line's text: the line itself, or the string that it is in JSON.
std::string text_of(std::string_view line, bool jsonl, const LineStream& lines) {
  const std::string place = fmt::format("line {}", lines.line_number());
  if (!is_utf8(line)) throw Error(lines.name(), place, "is not valid UTF-8");
  if (!jsonl) return std::string(line);
  std::optional<std::string> text = from_json_string(line);
  if (!text) throw Error(lines.name(), place, "is not a JSON string");
  if (!is_utf8(*text)) throw Error(lines.name(), place, "is not valid Unicode");
  return *std::move(text);
}

std::string format_line(const TokenizeChoice& options, const Tokenizer& tokenizer,
                        const std::string& text, const Encoding& encoding) {
  if (options.format == Format::ids) return fmt::format("{}\n", fmt::join(encoding.ids, " "));
  std::vector<std::string> tokens;
  for (const TokenId id : encoding.ids) tokens.push_back(tokenizer.token(id));
  if (options.format == Format::tokens) return fmt::format("{}\n", fmt::join(tokens, " "));
  for (std::string& token : tokens) token = to_json_string(token);
  return fmt::format("{{\"text\":{},\"ids\":[{}],\"tokens\":[{}],\"truncated\":{}}}\n",
                     to_json_string(text), fmt::join(encoding.ids, ","), fmt::join(tokens, ","),
                     encoding.truncated);
}

void print_tokens(const TokenizeChoice& options) {
  const auto folder = resolve_model(options.model, show_hub_progress(false)).folder;
  const Tokenizer tokenizer = Tokenizer::from_folder(folder);
  for (const std::string& line : tokenizer.decisions()) say(fmt::format("normscope: {}\n", line));
  const std::size_t max_length =
      options.max_length.value_or(std::numeric_limits<std::size_t>::max());
  if (max_length < tokenizer.special_tokens()) {
    throw Error(folder, fmt::format("--max-length {} leaves no room for the {} special tokens",
                                    max_length, tokenizer.special_tokens()));
  }
  LineStream lines(options.file);
  for (std::string_view line; lines.next(line);) {
    const std::string text = text_of(line, options.jsonl, lines);
    const Encoding encoding = tokenizer.encode(text, max_length);
    print_buffered(format_line(options, tokenizer, text, encoding));
  }
  flush_output();
}

}  // namespace

void add_tokenize_command(CLI::App& app) {
  CLI::App* const command =
      app.add_subcommand("tokenize", "Print the token ids of each line of text");
  // Lives as long as the callback that reads it.
  const auto options = std::make_shared<TokenizeChoice>();
  add_model_option(*command, options->model);
  command->add_option("FILE", options->file, "A text file, or - for standard input. Default: -")
      ->type_name("");
  add_choice<Format>(*command, "--format", options->format,
                     {{"ids", Format::ids}, {"tokens", Format::tokens}, {"json", Format::json}},
                     "What to print: ids or tokens (separated by spaces), or json (an object per "
                     "line). Default: ids");
  add_choice<bool>(*command, "--input-format", options->jsonl, {{"text", false}, {"jsonl", true}},
                   "What to read: text (plain lines) or jsonl (each line a JSON string, which can "
                   "hold any text). Default: text");
  add_whole_number(*command, "--max-length", options->max_length, {.least = 1},
                   "Truncate to this many tokens, special tokens included. Default: do not "
                   "truncate");
  command->callback([options] { print_tokens(*options); });
}

}  // namespace normscope::cli
