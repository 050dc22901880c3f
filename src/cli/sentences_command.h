#pragma once

namespace CLI {
class App;
}

namespace normscope::cli {

/// Adds `normscope sentences`, which prints the sentences that a run would measure.
void add_sentences_command(CLI::App& app);

}  // namespace normscope::cli
