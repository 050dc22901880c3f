#pragma once

#include <string>

namespace CLI {
class App;
}

namespace normscope::cli {

/// Adds `normscope run`. `command_line` goes into the run's manifest.
void add_run_command(CLI::App& app, const std::string& command_line);

}  // namespace normscope::cli
