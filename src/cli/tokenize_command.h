#pragma once

namespace CLI {
class App;
}

namespace normscope::cli {

/// Adds `normscope tokenize`, which prints the token ids of each line.
void add_tokenize_command(CLI::App& app);

}  // namespace normscope::cli
