#include "report/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "normscope/error.h"

namespace normscope {
namespace {

constexpr const char* kProgram = "gnuplot";

[[noreturn]] void fail(const std::string& reason) { throw Error(kProgram, reason); }

/// A file in memory. With these as gnuplot's standard streams nobody waits for anybody.
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
  posix_spawnattr_setflags(&settings.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::string program = kProgram;
  std::string no_start_up_files = "-d";
  const std::array<char*, 3> arguments{program.data(), no_start_up_files.data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, kProgram, &settings.files, &settings.attributes,
                                 arguments.data(), environ);
  if (error == ENOENT) fail("not found; figures need gnuplot 5.4 or later (Debian: gnuplot-nox)");
  if (error != 0) fail(std::strerror(error));
  return child;
}

/// The message in what gnuplot says, which begins with the line at fault and a caret below it.
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

}  // namespace

std::string run_gnuplot(std::string_view script) {
  const MemoryFile input;
  const MemoryFile output;
  const MemoryFile messages;
  input.write(script);
  const pid_t child = spawn(input, output, messages);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) fail(std::strerror(errno));
  }
  if (WIFSIGNALED(status)) fail(fmt::format("ended by signal {}", WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0) fail(complaint(messages.read()));
  std::string written = output.read();
  if (written.empty()) fail(complaint(messages.read()));
  return written;
}

std::string gnuplot_string(std::string_view text) {
  std::string quoted = "\"";
  // Digits too: gnuplot takes those that follow an octal escape for a part of it.
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
