#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace normscope::cli {

/// The bounds of a whole number.
struct Bounds {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

/// The number given to an option; throws CLI::ValidationError if it does not consist of decimal
/// digits only, or is out of bounds.
std::uint64_t whole_number(const std::string& option, const std::string& given,
                           const Bounds& bounds);

/// Adds an option that takes a whole number.
template <typename Number>
CLI::Option* add_whole_number(CLI::App& command, const std::string& option, Number& target,
                              const Bounds& bounds, const std::string& help) {
  return command
      .add_option_function<std::string>(
          option,
          [&target, option, bounds](const std::string& given) {
            target = static_cast<Number>(whole_number(option, given, bounds));
          },
          help)
      ->option_text("N");
}

/// Adds an option that takes a number from `least` to `most`.
CLI::Option* add_number(CLI::App& command, const std::string& option, std::optional<double>& target,
                        double least, double most, const std::string& help);

}  // namespace normscope::cli
