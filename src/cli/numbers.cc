#include "cli/numbers.h"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace normscope::cli {
namespace {

std::string shown(const std::string& given) { return given.empty() ? "an empty value" : given; }

}  // namespace

std::uint64_t whole_number(const std::string& option, const std::string& given,
                           const Bounds& bounds) {
  std::uint64_t number = 0;
  const char* const end = given.data() + given.size();
  const auto [stop, error] = std::from_chars(given.data(), end, number);
  const bool digits = stop == end && error != std::errc::invalid_argument;
  if (digits && (error == std::errc::result_out_of_range || number > bounds.most)) {
    throw CLI::ValidationError(option, fmt::format("{} is more than {}", given, bounds.most));
  }
  if (!digits || number < bounds.least) {
    throw CLI::ValidationError(
        option, fmt::format("{} is not a whole number of at least {}", shown(given), bounds.least));
  }
  return number;
}

CLI::Option* add_number(CLI::App& command, const std::string& option, std::optional<double>& target,
                        double least, double most, const std::string& help) {
  return command.add_option_function<std::string>(
      option,
      [&target, option, least, most](const std::string& given) {
        double number = 0;
        const char* const end = given.data() + given.size();
        const auto [stop, error] = std::from_chars(given.data(), end, number);
        // NaN is not in any range either.
        if (error != std::errc() || stop != end || !(number >= least && number <= most)) {
          throw CLI::ValidationError(
              option, fmt::format("{} is not a number from {:f} to {}", shown(given), least, most));
        }
        target = number;
      },
      help);
}

}  // namespace normscope::cli
