#pragma once

namespace CLI {
class App;
}

namespace normscope::cli {

/// Adds `normscope fetch`, which downloads a model or a dataset ahead of its use.
void add_fetch_command(CLI::App& app);

}  // namespace normscope::cli
