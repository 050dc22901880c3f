#include "experiment/folder_name.h"

#include <cctype>
#include <cstddef>

namespace normscope {
namespace {

constexpr std::size_t kLongestPart = 60;

}  // namespace

std::string folder_name_part(const std::string& name) {
  std::string part;
  for (const char c : name) {
    if (part.size() == kLongestPart) break;
    const bool harmless = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ||
                          c == '_' || (c == '.' && !part.empty());
    part += harmless ? c : '-';
  }
  return part.empty() ? "unnamed" : part;
}

}  // namespace normscope
