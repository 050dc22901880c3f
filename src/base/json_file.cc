#include "base/json_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/mapped_file.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 64;

std::string position(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  return fmt::format(
      "line {}, column {}", line,
      newline == std::string_view::npos ? before.size() : before.size() - newline - 1);
}

// At most `most_bytes` of a file's text.
std::string_view text_of(const MappedFile& file, const std::filesystem::path& path,
                         std::size_t most_bytes) {
  if (file.bytes().size() > most_bytes) {
    throw Error(path, fmt::format("is larger than {} MiB", most_bytes >> 20));
  }
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

Json parse(const std::filesystem::path& path, std::string_view text) {
  // The parser takes a zero byte for the end of its input.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    throw Error(path, position(text, zero + 1), "is not valid JSON");
  }
  const auto limit_depth = [&](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) throw Error(path, fmt::format("nests deeper than {} levels", kMaxDepth));
    return true;
  };
  try {
    return Json::parse(text, limit_depth);
  } catch (const Json::parse_error& error) {
    throw Error(path, position(text, error.byte), "is not valid JSON");
  } catch (const Json::exception&) {
    throw Error(path, "holds a number that is out of range");
  }
}

}  // namespace

nlohmann::json read_json_object(const std::filesystem::path& path, std::size_t most_bytes) {
  const MappedFile file(path);
  return parse_json_object(path, text_of(file, path, most_bytes));
}

nlohmann::json parse_json_object(const std::filesystem::path& path, std::string_view text) {
  Json json = parse(path, text);
  if (!json.is_object()) throw Error(path, "is not a JSON object");
  return json;
}

nlohmann::json read_json_list(const std::filesystem::path& path, std::size_t most_bytes) {
  const MappedFile file(path);
  Json json = parse(path, text_of(file, path, most_bytes));
  if (!json.is_array()) throw Error(path, "is not a JSON list");
  return json;
}

}  // namespace normscope
