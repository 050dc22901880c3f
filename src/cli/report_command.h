#pragma once

namespace CLI {
class App;
}

namespace normscope::cli {

/// `normscope report`: a finished run's report, made again from what it measured.
void add_report_command(CLI::App& app);

}  // namespace normscope::cli
