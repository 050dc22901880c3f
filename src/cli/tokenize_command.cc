#include "cli/tokenize_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/sources.h"
#include "cli/terminal.h"
#include "corpus/byte_source.h"
#include "corpus/line_reader.h"
#include "corpus/utf8.h"
#include "normscope/error.h"
#include "normscope/tokenizer.h"

namespace normscope::cli {
namespace {

struct Options {
  std::string model = kDefaultModel;
  std::string file = "-";
  std::string format = "ids";
  std::string input_format = "text";
  std::optional<std::size_t> max_length;
};

std::string line_place(const LineReader& lines) {
  return fmt::format("line {}", lines.line_number());
}

// A line's text: the line itself, or the string that it is in JSON.
std::string text_of(std::string_view line, bool jsonl, const std::string& file,
                    const LineReader& lines) {
  if (!is_utf8(line)) throw Error(file, line_place(lines), "is not valid UTF-8");
  if (!jsonl) return std::string(line);
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_string()) throw Error(file, line_place(lines), "is not a JSON string");
  auto text = json.get<std::string>();
  if (!is_utf8(text)) throw Error(file, line_place(lines), "is not valid Unicode");
  return text;
}

std::string format_line(const Options& options, const Tokenizer& tokenizer, std::string text,
                        const Encoding& encoding) {
  if (options.format == "ids") return fmt::format("{}\n", fmt::join(encoding.ids, " "));
  std::vector<std::string> tokens;
  for (const TokenId id : encoding.ids) tokens.push_back(tokenizer.token(id));
  if (options.format == "tokens") return fmt::format("{}\n", fmt::join(tokens, " "));
  const nlohmann::ordered_json json = {{"text", std::move(text)},
                                       {"ids", encoding.ids},
                                       {"tokens", tokens},
                                       {"truncated", encoding.truncated}};
  return json.dump() + "\n";
}

void print_tokens(const Options& options) {
  const auto folder = resolve_model(options.model).folder;
  const Tokenizer tokenizer = Tokenizer::from_folder(folder);
  const std::size_t max_length =
      options.max_length.value_or(std::numeric_limits<std::size_t>::max());
  if (max_length < tokenizer.special_tokens()) {
    throw Error(folder, fmt::format("--max-length {} leaves no room for the {} special tokens",
                                    max_length, tokenizer.special_tokens()));
  }
  ByteSource source(options.file);
  LineReader lines(source, {});
  for (std::string_view line; lines.next(line);) {
    std::string text = text_of(line, options.input_format == "jsonl", source.name(), lines);
    const Encoding encoding = tokenizer.encode(text, max_length);
    print_buffered(format_line(options, tokenizer, std::move(text), encoding));
  }
  flush_output();
}

}  // namespace

void add_tokenize_command(CLI::App& app) {
  CLI::App* const command = app.add_subcommand("tokenize", "Print the token ids of each line");
  // Lives as long as the callback that reads it.
  const auto options = std::make_shared<Options>();
  command
      ->add_option("--model", options->model,
                   "A built-in name, a Hugging Face model folder, or a model on the hub: "
                   "[ORGANISATION/]NAME[@REVISION]")
      ->option_text(fmt::format("MODEL [{}]", kDefaultModel));
  command->add_option("FILE", options->file, "A text file, or - for standard input")
      ->capture_default_str();
  command
      ->add_option("--format", options->format,
                   "ids or tokens, parted by spaces; or json, an object a line")
      ->check(CLI::IsMember({"ids", "tokens", "json"}))
      ->option_text("NAME [ids]");
  command
      ->add_option("--input-format", options->input_format,
                   "text: plain lines; or jsonl, a JSON string a line, which can hold any text")
      ->check(CLI::IsMember({"text", "jsonl"}))
      ->option_text("NAME [text]");
  command
      ->add_option("--max-length", options->max_length,
                   "Truncate to this many tokens, the special ones included [do not truncate]")
      ->check(CLI::PositiveNumber)
      ->option_text("N");
  command->callback([options] { print_tokens(*options); });
}

}  // namespace normscope::cli
