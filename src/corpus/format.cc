#include "corpus/format.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "base/json_values.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kFirstBytes = 4096;
constexpr std::size_t kLongestFirstLine = 1 << 20;

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

std::string_view trimmed(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

// Whether the first line is a JSON object; of a very long one, whether it begins like one.
bool is_jsonl(ByteSource& source) {
  std::string_view start = trimmed(source.peek(kFirstBytes));
  if (!start.starts_with('{')) return false;
  std::size_t end = start.find('\n');
  if (end == std::string_view::npos) {
    start = trimmed(source.peek(kLongestFirstLine));
    end = start.find('\n');
  }
  if (end != std::string_view::npos || start.size() + kFirstBytes < kLongestFirstLine) {
    return is_json(start.substr(0, end));
  }
  return trimmed(start.substr(1)).starts_with('"');
}

}  // namespace

std::string_view name(CorpusFormat format) {
  switch (format) {
    case CorpusFormat::automatic:
      return "auto";
    case CorpusFormat::text:
      return "text";
    case CorpusFormat::jsonl:
      return "jsonl";
    case CorpusFormat::csv:
      return "csv";
    case CorpusFormat::tsv:
      return "tsv";
    case CorpusFormat::parquet:
      return "parquet";
    case CorpusFormat::arrow:
      break;
  }
  return "arrow";
}

CorpusFormat format_of(ByteSource& source) {
  const std::string_view start = source.peek(kFirstBytes);
  if (start.starts_with("PAR1") || start.starts_with("PARE")) return CorpusFormat::parquet;
  if (start.starts_with("ARROW1") || start.starts_with("\xFF\xFF\xFF\xFF")) {
    return CorpusFormat::arrow;
  }
  if (start.starts_with("FEA1")) {
    throw Error(source.name(), "is Feather of version 1, which is not read; version 2 is");
  }
  if (start.starts_with("\xFF\xFE"sv) || start.starts_with("\xFE\xFF"sv)) {
    throw Error(source.name(), "is UTF-16; text is read as UTF-8");
  }
  if (is_jsonl(source)) return CorpusFormat::jsonl;
  const std::filesystem::path path = without_compression(source.name());
  const std::string extension = lower(path.extension());
  if (extension == ".csv") return CorpusFormat::csv;
  if (extension == ".tsv" || extension == ".tab") return CorpusFormat::tsv;
  if (extension == ".jsonl" || extension == ".ndjson") return CorpusFormat::jsonl;
  if (extension == ".json") {
    const std::string_view json = trimmed(source.peek(kFirstBytes));
    if (json.starts_with('[') || json.starts_with('{')) {
      throw Error(source.name(), "is JSON, but not JSON Lines (an object a line)");
    }
  }
  return CorpusFormat::text;
}

std::optional<std::size_t> zero_byte(ByteSource& source) {
  const std::size_t place = source.peek(kFirstBytes).find('\0');
  return place == std::string_view::npos ? std::nullopt : std::optional(place);
}

std::string without_compression(std::string path) {
  const std::string extension = lower(std::filesystem::path(path).extension());
  for (const char* known : {".gz", ".zst", ".bz2", ".xz"}) {
    if (extension == known) path.resize(path.size() - extension.size());
  }
  return path;
}

}  // namespace normscope
