#include "cli/byte_size.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace normscope::cli {

std::string byte_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 7> units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  // A number that would be shown as 1000 becomes 1.00 of the next unit.
  for (; size >= 999.5 && unit + 1 < units.size(); ++unit) size /= 1000;
  const int decimals = size < 9.995 ? 2 : (size < 99.95 ? 1 : 0);
  return fmt::format("{:.{}f} {}", size, decimals, units[unit]);
}

}  // namespace normscope::cli
