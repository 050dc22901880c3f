#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cached_command.h"
#include "cli/compare_command.h"
#include "cli/fetch_command.h"
#include "cli/merge_command.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "cli/sentences_command.h"
#include "cli/signals.h"
#include "cli/stoppable.h"
#include "cli/tokenize_command.h"
#include "normscope/encoder.h"
#include "normscope/error.h"
#include "normscope/version.h"

namespace {

constexpr int kBadInput = 1;
constexpr int kWrongUsage = 2;
constexpr int kFiguresMissing = 3;

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

// As a shell takes it, so that it can be pasted.
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

// Without what does not change the results: where they go, and who measures which part of them.
std::string command_line(int argc, char** argv) {
  std::string line = "normscope";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--quiet" || argument.starts_with("--out=") ||
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

}  // namespace

int main(int argc, char** argv) try {
  normscope::cli::explain_truncated_files();
  CLI::App app("What the geometry of a sentence encoder's embeddings carries.", "normscope");
  app.require_subcommand(1);
  app.set_version_flag("--version", version_text);
  app.footer("normscope COMMAND --help tells a command's options.");
  normscope::cli::add_run_command(app, command_line(argc, argv));
  normscope::cli::add_merge_command(app);
  normscope::cli::add_report_command(app);
  normscope::cli::add_compare_command(app);
  normscope::cli::add_sentences_command(app);
  normscope::cli::add_tokenize_command(app);
  normscope::cli::add_fetch_command(app);
  normscope::cli::add_cached_commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {
    return app.exit(done);
  } catch (const CLI::RequiredError& error) {
    const std::vector<std::string> rest = app.remaining();
    const bool unknown = app.get_subcommands().empty() && !rest.empty();
    fmt::print(stderr, "normscope: {} (normscope --help tells more)\n",
               unknown ? fmt::format("there is no command {}", rest.front()) : error.what());
    return kWrongUsage;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "normscope: {} (normscope --help tells more)\n", error.what());
    return kWrongUsage;
  }
  return 0;
} catch (const normscope::cli::Stopped& stopped) {
  std::fputs("normscope: stopped; the same command goes on from here\n", stderr);
  return 128 + stopped.signal;
} catch (const normscope::cli::FiguresMissing&) {
  return kFiguresMissing;
} catch (const std::bad_alloc&) {
  std::fputs("normscope: out of memory\n", stderr);
  return kBadInput;
} catch (const std::exception& error) {
  fmt::print(stderr, "normscope: {}\n", error.what());
  return kBadInput;
}
