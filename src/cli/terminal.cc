#include "cli/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>

#include "normscope/error.h"

namespace normscope::cli {
namespace {

constexpr std::string_view kEraseLine = "\r\x1b[K";
constexpr std::chrono::milliseconds kPatience{100};

// Standard error, and whether its last line was drawn and is open.
struct {
  std::timed_mutex mutex;
  bool open_line = false;
} terminal;

void write_error(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_message(std::string_view text) {
  write_error(terminal.open_line ? std::string(kEraseLine).append(text) : std::string(text));
  terminal.open_line = false;
}

[[noreturn]] void fail_output() {
  const int reason = errno;
  if (reason == EPIPE) {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
  }
  throw Error(kStandardOutput, std::strerror(reason));
}

}  // namespace

void prepare_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    // open() returns the lowest free number, which is this one. Opened in the wrong direction, it
    // fails when used.
    const int way = descriptor == STDOUT_FILENO ? O_RDONLY : O_WRONLY;
    [[maybe_unused]] const int opened = ::open("/dev/null", way);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

void say(std::string_view text) {
  const std::scoped_lock lock(terminal.mutex);
  write_message(text);
}

void say_unless_blocked(std::string_view text) {
  const std::unique_lock lock(terminal.mutex, kPatience);
  pollfd error{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (!lock || ::poll(&error, 1, static_cast<int>(kPatience.count())) != 1) return;
  write_message(text);
}

void draw(std::string_view line) {
  const std::scoped_lock lock(terminal.mutex);
  write_error(std::string(kEraseLine).append(line));
  terminal.open_line = true;
}

void end_drawn_line() {
  const std::scoped_lock lock(terminal.mutex);
  if (terminal.open_line) write_error("\n");
  terminal.open_line = false;
}

void print(std::string_view text) {
  print_buffered(text);
  flush_output();
}

void print_buffered(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) fail_output();
}

void flush_output() {
  if (std::fflush(stdout) != 0) fail_output();
}

}  // namespace normscope::cli
