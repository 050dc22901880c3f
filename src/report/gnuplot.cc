#include "report/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>

#include "normscope/error.h"
#include "normscope/report.h"

namespace normscope {
namespace {

using std::chrono::milliseconds;

constexpr const char* kProgram = "gnuplot";
constexpr const char* kNeeded =
    "gnuplot 5.4 or later with its cairo terminals (Debian: gnuplot-nox)";
constexpr double kOldestVersion = 5.4;
// When asked only what it can do, it draws nothing.
constexpr std::chrono::seconds kQuestionLimit{5};

[[noreturn]] void fail(const std::string& reason) { throw Error(kProgram, reason); }

/// A file in memory. With these as gnuplot's standard streams, neither process waits for the other.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create(kProgram, MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail(std::strerror(errno));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }

  [[nodiscard]] int descriptor() const { return descriptor_; }

  void write(std::string_view content) const {
    while (!content.empty()) {
      const ssize_t count = ::write(descriptor_, content.data(), content.size());
      if (count < 0 && errno != EINTR) fail(std::strerror(errno));
      if (count > 0) content.remove_prefix(static_cast<std::size_t>(count));
    }
    ::lseek(descriptor_, 0, SEEK_SET);
  }

  [[nodiscard]] std::string read() const {
    std::string content;
    std::array<char, 1 << 16> buffer{};
    for (;;) {
      const ssize_t count =
          ::pread(descriptor_, buffer.data(), buffer.size(), static_cast<off_t>(content.size()));
      if (count < 0 && errno != EINTR) fail(std::strerror(errno));
      if (count == 0) return content;
      if (count > 0) content.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  int descriptor_;
};

struct SpawnSettings {
  SpawnSettings() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }

  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

pid_t spawn(const MemoryFile& input, const MemoryFile& output, const MemoryFile& messages) {
  SpawnSettings settings;
  posix_spawn_file_actions_adddup2(&settings.files, input.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&settings.files, output.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&settings.files, messages.descriptor(), STDERR_FILENO);
  // Signals that this program blocks or ignores must still end gnuplot.
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&settings.attributes, &signals);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&signals, signal);
  posix_spawnattr_setsigdefault(&settings.attributes, &signals);
  // A process group of its own, so that processes that it starts can be killed with it.
  posix_spawnattr_setpgroup(&settings.attributes, 0);
  posix_spawnattr_setflags(&settings.attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  std::string program = kProgram;
  std::string no_start_up_files = "-d";
  const std::array<char*, 3> arguments{program.data(), no_start_up_files.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, kProgram, &settings.files, &settings.attributes,
                                 arguments.data(), environ);
  if (error == ENOENT) fail(fmt::format("not found; figures need {}", kNeeded));
  if (error != 0) fail(std::strerror(error));
  return child;
}

/// The message in gnuplot's text, which begins with the line at fault and a caret below it.
std::string complaint(std::string_view messages) {
  constexpr std::size_t kLongest = 500;
  std::string line;
  for (const char c : messages) {
    const bool space = c == '\n' || c == ' ';
    if (!space || (!line.empty() && line.back() != ' ')) line += space ? ' ' : c;
  }
  if (line.ends_with(' ')) line.pop_back();
  if (line.size() > kLongest) line = "… " + line.substr(line.size() - kLongest);
  return line.empty() ? "it gave no reason" : line;
}

// Waits until the child ends; kills its group if that takes too long, or when it should stop.
int wait_for(pid_t child, const std::stop_token& stop, std::chrono::seconds limit) {
  using Clock = std::chrono::steady_clock;
  const auto kill_group = [child] {
    ::kill(-child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  };
  const Clock::time_point start = Clock::now();
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child) return status;
    if (ended < 0 && errno != EINTR) fail(std::strerror(errno));
    const Clock::duration waited = Clock::now() - start;
    if (stop.stop_requested()) {
      kill_group();
      throw Interrupted();
    }
    if (waited >= limit) {
      kill_group();
      fail(fmt::format("did not answer within {} s", limit.count()));
    }
    std::this_thread::sleep_for(
        std::clamp<Clock::duration>(waited / 16, milliseconds(1), milliseconds(20)));
  }
}

struct Outcome {
  bool failed = false;
  std::string written;
  std::string messages;
};

Outcome ask_gnuplot(std::string_view script, const std::stop_token& stop,
                    std::chrono::seconds limit) {
  const MemoryFile input;
  const MemoryFile output;
  const MemoryFile messages;
  input.write(script);
  const int status = wait_for(spawn(input, output, messages), stop, limit);
  if (WIFSIGNALED(status)) fail(fmt::format("ended by signal {}", WTERMSIG(status)));
  return {
      .failed = WEXITSTATUS(status) != 0, .written = output.read(), .messages = messages.read()};
}

// Removes and returns the first remaining line.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return line;
}

}  // namespace

std::string run_gnuplot(std::string_view script, const std::stop_token& stop,
                        std::chrono::seconds limit) {
  Outcome outcome = ask_gnuplot(script, stop, limit);
  if (outcome.failed || outcome.written.empty()) fail(complaint(outcome.messages));
  return std::move(outcome.written);
}

std::optional<std::string> figure_problem(const std::stop_token& stop) {
  constexpr std::array<std::string_view, 3> terminals{"pngcairo", "svg", "pdfcairo"};
  // gnuplot ends at the first command that fails.
  std::string script = "set print \"-\"\nprint GPVAL_VERSION\n";
  for (const std::string_view terminal : terminals) {
    script += fmt::format("set terminal {}\nprint \"{}\"\n", terminal, terminal);
  }
  try {
    const Outcome outcome = ask_gnuplot(script, stop, kQuestionLimit);
    std::string_view rest = outcome.written;
    const std::string_view version = take_line(rest);
    double number = 0;
    std::from_chars(version.data(), version.data() + version.size(), number);
    if (number == 0) return fmt::format("gnuplot: {}", complaint(outcome.messages));
    if (number < kOldestVersion) {
      return fmt::format("gnuplot {} is too old; figures need {}", version, kNeeded);
    }
    for (const std::string_view terminal : terminals) {
      if (take_line(rest) != terminal) {
        return fmt::format("this gnuplot has no terminal {}; figures need {}", terminal, kNeeded);
      }
    }
    if (outcome.failed) return fmt::format("gnuplot: {}", complaint(outcome.messages));
  } catch (const Error& error) {
    return error.what();
  }
  return std::nullopt;
}

std::string gnuplot_string(std::string_view text) {
  std::string quoted = "\"";
  // Digits too: gnuplot reads those that follow an octal escape as part of it.
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain || c == ' ') {
      quoted += c;
    } else {
      quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
  }
  return quoted + '"';
}

}  // namespace normscope
