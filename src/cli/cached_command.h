#pragma once

namespace CLI {
class App;
}

namespace normscope::cli {

/// Adds `normscope models` and `normscope corpora`, which list what can be used without a download.
void add_cached_commands(CLI::App& app);

}  // namespace normscope::cli
