#pragma once

#include <string>

namespace CLI {
class App;
}

namespace normscope::cli {

/// Adds --model, whose value resolve_model() takes.
void add_model_option(CLI::App& command, std::string& model);

}  // namespace normscope::cli
