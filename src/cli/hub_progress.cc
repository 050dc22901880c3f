#include "cli/hub_progress.h"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cli/progress_bar.h"
#include "cli/terminal.h"

namespace normscope::cli {
namespace {

// The bar of the file that is being downloaded.
struct Current {
  std::string file;
  std::optional<ProgressBar> bar;
};

}  // namespace

HubListener show_hub_progress(bool quiet) {
  const auto current = std::make_shared<Current>();
  return {.progress =
              [current, quiet](const std::string& file, std::uint64_t done, std::uint64_t total) {
                if (!current->bar || current->file != file) {
                  current->file = file;
                  current->bar.emplace(file, quiet, ProgressBar::Unit::bytes);
                  // Bytes from an earlier download take no time now.
                  current->bar->skip(done);
                }
                current->bar->update(done, total);
                if (done == total) current->bar.reset();
              },
          .notice =
              [current](const std::string& line) {
                current->bar.reset();
                say(fmt::format("normscope: {}\n", line));
              }};
}

}  // namespace normscope::cli
