#include "cli/usage_error.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string_view>
#include <vector>

namespace normscope::cli {
namespace {

bool is_option(std::string_view argument) { return argument.size() > 1 && argument[0] == '-'; }

// The two names in "ONE requires TWO" and "ONE excludes TWO".
std::string between(const std::string& text, std::string_view words) {
  const std::size_t first = text.find(' ');
  return fmt::format("{} {} {}", text.substr(0, first), words, text.substr(text.rfind(' ') + 1));
}

std::string unknown(const std::vector<std::string>& arguments, std::string_view kind) {
  if (arguments.empty()) return fmt::format("no {} is given", kind);
  const std::string& first = arguments.front();
  return fmt::format("there is no {} {}", is_option(first) ? "option" : kind, first);
}

// CLI11 leaves out the dashes of a flag that is given a value.
std::string takes_no_value(const std::string& name) {
  return fmt::format("{}{} takes no value", is_option(name) ? "" : "--", name);
}

std::string wrong_count(const CLI::App& command, const std::string& name) {
  const CLI::Option* const option = command.get_option_no_throw(name);
  if (option == nullptr || option->get_items_expected_max() == 0) return takes_no_value(name);
  const auto given = static_cast<int>(option->count());
  if (given > option->get_items_expected_max()) return name + " is given more than once";
  if (given == 0) return name + " needs a value";
  return fmt::format("at least {} {} arguments are needed, not {}",
                     option->get_items_expected_min(), name, given);
}

}  // namespace

std::string usage_message(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> commands = app.get_subcommands();
  const CLI::App& command = commands.empty() ? app : *commands.front();
  const std::string help =
      commands.empty() ? " (normscope --help lists the commands)"
                       : fmt::format(" (normscope {} --help tells more)", command.get_name());
  std::string text = error.what();
  // The name of the option or argument at fault, with which the text begins.
  const std::string name = text.substr(0, text.find_first_of(": "));
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    if (commands.empty()) return unknown(app.remaining(), "command") + help;
    return fmt::format("{}{} is missing{}", is_option(name) ? "" : "the argument ", name, help);
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    std::vector<std::string> rest = command.remaining();
    if (rest.empty()) rest = app.remaining();
    const bool option = !rest.empty() && is_option(rest.front());
    return (option || rest.empty() ? unknown(rest, "option")
                                   : fmt::format("the argument {} is one too many", rest.front())) +
           help;
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return wrong_count(command, name) + help;
  }
  // Options that take a value read it themselves.
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
    return takes_no_value(name) + help;
  }
  if (dynamic_cast<const CLI::RequiresError*>(&error) != nullptr) return between(text, "needs");
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr) {
    return between(text, "does not go with");
  }
  return text;
}

}  // namespace normscope::cli
