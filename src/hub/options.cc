#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "base/home_folder.h"
#include "hub/transfer_error.h"
#include "hub/url.h"
#include "normscope/error.h"
#include "normscope/hub.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return value == nullptr ? "" : value;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(space) - first + 1));
}

// As huggingface_hub takes a flag.
bool is_set(const char* name) {
  std::string value = environment(name);
  std::transform(value.begin(), value.end(), value.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  constexpr std::array<std::string_view, 4> yes = {"1", "ON", "YES", "TRUE"};
  return std::find(yes.begin(), yes.end(), value) != yes.end();
}

// Throws Error if the path begins at the home folder and there is none; it can be written out.
fs::path expanded(const std::string& path, std::string_view variable) {
  if (path == "~") return home_folder(variable);
  if (path.starts_with("~/")) return home_folder(variable) / path.substr(2);
  return path;
}

fs::path hub_home() {
  if (const std::string home = environment("HF_HOME"); !home.empty()) {
    return expanded(home, "HF_HOME");
  }
  if (const std::string cache = environment("XDG_CACHE_HOME"); !cache.empty()) {
    return expanded(cache, "XDG_CACHE_HOME") / "huggingface";
  }
  return home_folder("HF_HOME") / ".cache" / "huggingface";
}

fs::path hub_cache() {
  for (const char* const name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
    if (const std::string cache = environment(name); !cache.empty()) return expanded(cache, name);
  }
  return hub_home() / "hub";
}

// Text that goes into a header must not end it.
std::string checked_token(const std::string& source, const std::string& token) {
  const auto printable = [](unsigned char c) { return c > 0x20 && c < 0x7f; };
  if (!std::all_of(token.begin(), token.end(), printable)) {
    throw Error(source, "holds characters that no token has");
  }
  return token;
}

std::string find_token() {
  for (const char* const name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
    if (const std::string token = trimmed(environment(name)); !token.empty()) {
      return checked_token(name, token);
    }
  }
  const std::string named = environment("HF_TOKEN_PATH");
  // Without a home folder, there is no file to look for in it.
  if (named.empty() && environment("HF_HOME").empty() && environment("XDG_CACHE_HOME").empty() &&
      !find_home_folder()) {
    return {};
  }
  const fs::path path = named.empty() ? hub_home() / "token" : expanded(named, "HF_TOKEN_PATH");
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return {};
  std::ifstream file(path, std::ios::binary);
  constexpr std::size_t longest = 4096;
  std::string content(longest, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  return checked_token(path, trimmed(content));
}

std::int64_t seconds(const char* name) {
  constexpr std::int64_t standard = 10;
  const std::string value = trimmed(environment(name));
  if (value.empty()) return standard;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < 1 || number > 86400) {
    throw Error(name, fmt::format("'{}' is no number of seconds from 1 to 86400", value));
  }
  return number;
}

std::string find_endpoint() {
  std::string endpoint = trimmed(environment("HF_ENDPOINT"));
  if (endpoint.empty()) return HubOptions().endpoint;
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (!endpoint.starts_with("https://") && !endpoint.starts_with("http://")) {
    throw Error("HF_ENDPOINT",
                fmt::format("'{}' does not begin with https:// or http://", endpoint));
  }
  try {
    const Url url(endpoint);
  } catch (const TransferError& error) {
    throw Error("HF_ENDPOINT", error.what());
  }
  return endpoint;
}

}  // namespace

HubOptions HubOptions::from_environment() {
  return {.endpoint = find_endpoint(),
          .token = is_set("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? "" : find_token(),
          .cache = hub_cache(),
          .offline = is_set("HF_HUB_OFFLINE") || is_set("TRANSFORMERS_OFFLINE"),
          .answer_timeout = seconds("HF_HUB_ETAG_TIMEOUT"),
          .silence_timeout = seconds("HF_HUB_DOWNLOAD_TIMEOUT")};
}

}  // namespace normscope
