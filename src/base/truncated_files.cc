#include <unistd.h>

#include <csignal>
#include <cstring>

#include "base/mapped_file.h"
#include "normscope/mapped_files.h"

namespace normscope {
namespace {

// Calls only functions that a signal handler may call.
void write_error(const char* text) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
}

void on_bus_error(int signal, siginfo_t* info, void*) {
  const char* file = mapped_file_at(info->si_addr);
  if (file == nullptr) {
    // Not one of our files: when the instruction is tried again, it fails as if there were no
    // handler.
    ::signal(signal, SIG_DFL);
    return;
  }
  write_error("normscope: ");
  write_error(file);
  write_error(": was cut short, or could not be read, while it was in use\n");
  _exit(1);
}

}  // namespace

void explain_truncated_files() {
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace normscope
