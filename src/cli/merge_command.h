#pragma once

namespace CLI {
class App;
}

namespace normscope::cli {

/// Adds `normscope merge`.
void add_merge_command(CLI::App& app);

}  // namespace normscope::cli
