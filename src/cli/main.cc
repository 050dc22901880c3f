#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <new>
#include <sstream>
#include <string>
#include <string_view>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/usage_error.h"
#include "normscope/encoder.h"
#include "normscope/error.h"
#include "normscope/mapped_files.h"
#include "normscope/version.h"

namespace {

std::string version_text() {
  std::string text = fmt::format("normscope {}\n", normscope::version());
  for (const std::string& line : normscope::build_info()) text += line + "\n";
  text +=
      fmt::format("CPU {}: {}\n", normscope::cpu_name(), fmt::join(normscope::cpu_features(), " "));
  const auto isas = normscope::available_isas();
  text += isas.empty() ? "encoder: not on this CPU, it has no AVX2"
                       : fmt::format("encoder: {}", normscope::name(isas.back()));
  return text;
}

// Quoted for a shell, so that it can be pasted.
std::string quoted(std::string_view argument) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,";
  if (!argument.empty() && argument.find_first_not_of(harmless) == std::string_view::npos) {
    return std::string(argument);
  }
  std::string quoted = "'";
  for (const char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// Without the options that do not change the results: where they go, and which part is measured.
std::string command_line(int argc, char** argv) {
  std::string line = "normscope";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quiet" || argument == "--overwrite" || argument.starts_with("--out=") ||
        argument.starts_with("--shard=")) {
      continue;
    }
    if (argument == "--out" || argument == "--shard") {
      ++i;
      continue;
    }
    line += " " + quoted(argument);
  }
  return line;
}

void say_error(std::string_view text) { normscope::cli::say(fmt::format("normscope: {}\n", text)); }

}  // namespace

int main(int argc, char** argv) try {
  normscope::cli::prepare_standard_streams();
  normscope::explain_truncated_files();
  // A file that may not grow any more is an error like any other.
  std::signal(SIGXFSZ, SIG_IGN);
  CLI::App app(
      "Measures whether a statistic of a sentence encoder's embeddings encodes a property of the "
      "sentence.",
      "normscope");
  app.require_subcommand(1);
  app.set_version_flag("--version", version_text,
                       "Print the versions of the program and its libraries and the CPU's "
                       "instruction sets, and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  const std::string exit_status =
      "Exit status: 0 finished, 1 failed, 2 wrong usage, 3 finished, but some figures are missing, "
      "128 + N stopped by signal N";
  app.footer(exit_status);
  normscope::cli::add_run_command(app, command_line(argc, argv));
  normscope::cli::add_merge_command(app);
  normscope::cli::add_report_command(app);
  normscope::cli::add_compare_command(app);
  normscope::cli::add_sentences_command(app);
  normscope::cli::add_tokenize_command(app);
  normscope::cli::add_fetch_command(app);
  normscope::cli::add_cached_commands(app);
  app.footer("'normscope COMMAND --help' describes the options of a command.\n" + exit_status);
  for (CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; })) {
    for (CLI::Option* const option : command->get_options()) {
      if (option->get_items_expected_max() == 0) option->disable_flag_override();
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    std::ostringstream text;
    app.exit(done, text, text);
    normscope::cli::print(text.str());
  } catch (const CLI::ParseError& error) {
    // On one line, whatever the user's own words contain.
    const normscope::Error line("normscope", normscope::cli::usage_message(app, error));
    normscope::cli::say(line.what() + std::string("\n"));
    return normscope::cli::kWrongUsage;
  }
  normscope::cli::flush_output();
  return 0;
} catch (const normscope::cli::Exit& exit) {
  return exit.status;
} catch (const std::bad_alloc&) {
  normscope::cli::say("normscope: out of memory\n");
  return normscope::cli::kFailed;
} catch (const std::exception& error) {
  say_error(error.what());
  return normscope::cli::kFailed;
}
