#include "hub/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/utf8.h"

namespace normscope {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// Whether `good` holds for each part between slashes.
template <typename Good>
bool all_components(std::string_view path, Good good) {
  for (;;) {
    const std::size_t slash = path.find('/');
    if (!good(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

bool is_name(std::string_view name) {
  const auto at_end = [](char c) { return is_alphanumeric(c) || c == '_'; };
  return !name.empty() && name.size() <= 96 && at_end(name.front()) && at_end(name.back()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

bool is_repository_name(std::string_view name) {
  return std::count(name.begin(), name.end(), '/') <= 1 && all_components(name, is_name) &&
         name.find("--") == std::string_view::npos && name.find("..") == std::string_view::npos &&
         !name.ends_with(".git");
}

bool is_revision(std::string_view revision) {
  constexpr std::string_view forbidden = " ~^:?*[\\";
  return revision.size() <= 255 && is_utf8(revision) &&
         revision.find("..") == std::string_view::npos &&
         revision.find("@{") == std::string_view::npos &&
         std::none_of(revision.begin(), revision.end(),
                      [&](char c) {
                        return is_control(c) || forbidden.find(c) != std::string_view::npos;
                      }) &&
         all_components(revision, [](std::string_view part) {
           return !part.empty() && !part.starts_with('.') && !part.ends_with('.') &&
                  !part.ends_with(".lock");
         });
}

bool is_commit(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_safe_path(std::string_view path) {
  return path.size() <= 1024 && is_utf8(path) &&
         std::none_of(path.begin(), path.end(),
                      [](char c) { return is_control(c) || c == '\\'; }) &&
         all_components(path, [](std::string_view part) {
           return !part.empty() && part.size() <= 255 && part != "." && part != "..";
         });
}

std::string url_encoded(std::string_view text, std::string_view kept) {
  std::string encoded;
  for (const char c : text) {
    if (is_alphanumeric(c) || std::string_view("-._~").find(c) != std::string_view::npos ||
        kept.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace normscope
