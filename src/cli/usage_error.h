#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace normscope::cli {

/// What is wrong with the command line that `app` refused with `error`, in plain words.
std::string usage_message(const CLI::App& app, const CLI::ParseError& error);

}  // namespace normscope::cli
