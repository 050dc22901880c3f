#include "model/plain_path.h"

#include <algorithm>

namespace normscope {
namespace {

constexpr std::size_t kLongestName = 255;

}  // namespace

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && name != "." && name != ".." &&
         std::ranges::none_of(name, [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return c == '/' || c == '\\' || byte < 0x20 || byte == 0x7f;
         });
}

bool is_plain_path(std::string_view path) {
  for (std::size_t slash = 0; (slash = path.find('/')) != std::string_view::npos;) {
    if (!is_plain_name(path.substr(0, slash))) return false;
    path.remove_prefix(slash + 1);
  }
  return is_plain_name(path);
}

}  // namespace normscope
