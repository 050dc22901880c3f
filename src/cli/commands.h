#pragma once

#include <string>

namespace CLI {
class App;
}

namespace normscope::cli {

// Each adds its commands to the program; one file per command.

/// `command_line`: what is written down with the results.
void add_run_command(CLI::App& app, const std::string& command_line);
void add_merge_command(CLI::App& app);
void add_report_command(CLI::App& app);
void add_compare_command(CLI::App& app);
void add_sentences_command(CLI::App& app);
void add_tokenize_command(CLI::App& app);
void add_fetch_command(CLI::App& app);
/// models and corpora
void add_cached_commands(CLI::App& app);

}  // namespace normscope::cli
