#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace normscope {

/// 31730 as "31,730".
inline std::string thousands(std::uint64_t number) {
  if (number < 1000) return fmt::format("{}", number);
  return fmt::format("{},{:03}", thousands(number / 1000), number % 1000);
}

}  // namespace normscope
