#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace normscope::cli {

/// A value that an option takes, and its name.
template <typename Value>
struct Choice {
  std::string_view name;
  Value value;
};

/// Values under the names that the library gives them.
template <typename Value>
std::vector<Choice<Value>> by_name(std::initializer_list<Value> values) {
  std::vector<Choice<Value>> choices;
  for (const Value value : values) choices.push_back({.name = name(value), .value = value});
  return choices;
}

/// The place of the given name among `names`. Throws CLI::ValidationError, which lists them.
std::size_t chosen(const std::string& option, const std::string& given,
                   const std::vector<std::string_view>& names);

/// What is wrong with the name of a file or a folder, for CLI::Option::check(); empty if it is
/// valid.
std::string problem_of_name(const std::string& given);

/// The names in a list with commas between them.
std::vector<std::string> split_names(const std::string& list);

/// Adds an option that takes one of the choices' names.
template <typename Value, typename Target>
CLI::Option* add_choice(CLI::App& command, const std::string& option, Target& target,
                        std::vector<Choice<Value>> choices, const std::string& help) {
  std::vector<std::string_view> names;
  for (const Choice<Value>& choice : choices) names.push_back(choice.name);
  return command
      .add_option_function<std::string>(
          option,
          [&target, option, names, choices = std::move(choices)](const std::string& given) {
            target = choices[chosen(option, given, names)].value;
          },
          help)
      ->option_text("NAME");
}

/// Adds an option that takes some of the choices' names, separated by commas or given one by one.
template <typename Value>
CLI::Option* add_choices(CLI::App& command, const std::string& option, std::vector<Value>& target,
                         std::vector<Choice<Value>> choices, const std::string& help) {
  std::vector<std::string_view> names;
  for (const Choice<Value>& choice : choices) names.push_back(choice.name);
  return command
      .add_option_function<std::vector<std::string>>(
          option,
          [&target, option, names,
           choices = std::move(choices)](const std::vector<std::string>& lists) {
            target.clear();
            for (const std::string& list : lists) {
              for (const std::string& given : split_names(list)) {
                target.push_back(choices[chosen(option, given, names)].value);
              }
            }
          },
          help)
      ->allow_extra_args(false)
      ->option_text("NAME,...");
}

}  // namespace normscope::cli
