#pragma once

namespace CLI {
class App;
}

namespace normscope::cli {

/// `normscope compare`: finished runs side by side.
void add_compare_command(CLI::App& app);

}  // namespace normscope::cli
