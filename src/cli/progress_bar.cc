#include "cli/progress_bar.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "cli/byte_size.h"
#include "cli/terminal.h"

namespace normscope::cli {
namespace {

using std::chrono::duration;
using std::chrono::milliseconds;

bool can_redraw() {
  const char* term = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string clock_time(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole >= 3600) {
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

ProgressBar::ProgressBar(std::string task, bool quiet, Unit unit)
    : task_(std::move(task)),
      unit_(unit),
      style_(quiet ? Style::none : (can_redraw() ? Style::drawn : Style::lines)),
      last_(style_ == Style::drawn ? start_ - std::chrono::hours(1) : start_) {}

ProgressBar::~ProgressBar() {
  if (style_ == Style::drawn) end_drawn_line();
}

std::string ProgressBar::counted(std::uint64_t done, std::optional<std::uint64_t> total,
                                 double rate) const {
  if (unit_ == Unit::steps) return "";
  if (unit_ == Unit::bytes) {
    const std::string speed = byte_size(static_cast<std::uint64_t>(rate)) + "/s  ";
    return total ? fmt::format("{} of {}  {}", byte_size(done), byte_size(*total), speed)
                 : fmt::format("{}  {}", byte_size(done), speed);
  }
  return total ? fmt::format("{}/{} sentences  {:.0f}/s  ", done, *total, rate)
               : fmt::format("{} sentences  {:.0f}/s  ", done, rate);
}

void ProgressBar::update(std::uint64_t done, std::optional<std::uint64_t> total) {
  if (style_ == Style::none) return;
  const auto now = Clock::now();
  const bool end = done == total;
  const double elapsed = duration<double>(now - start_).count();
  const std::uint64_t here = done - std::min(done, skipped_);
  const double rate = elapsed > 0 ? static_cast<double>(here) / elapsed : 0;
  std::string numbers = counted(done, total, rate);
  if (end || !total) {
    numbers += clock_time(elapsed);
  } else if (rate > 0) {
    numbers += clock_time(static_cast<double>(*total - done) / rate) + " left";
  }
  const std::uint64_t percent = total ? 100 * done / std::max<std::uint64_t>(1, *total) : 0;
  const std::string share = total ? fmt::format("{:3}%  ", percent) : "";
  if (style_ == Style::drawn) {
    if (!end && now - last_ < milliseconds(100)) return;
    last_ = now;
    const std::size_t fixed = task_.size() + numbers.size() + 12;
    const std::size_t width = terminal_width();
    const std::size_t bar =
        total && width > fixed + 4 ? std::min<std::size_t>(width - fixed, 30) : 0;
    const std::size_t filled = bar * percent / 100;
    std::string picture;
    for (std::size_t i = 0; i < bar; ++i) picture += i < filled ? "█" : "░";
    draw(fmt::format("{} {} {}{}", task_, picture, share, numbers));
  } else {
    const std::uint64_t tenth = percent / 10;
    const bool news = !total || tenth != last_tenth_;
    if (!end && (!news || now - last_ < std::chrono::seconds(10))) return;
    if (end && last_tenth_ == 10) return;
    last_ = now;
    last_tenth_ = tenth;
    say(fmt::format("{}: {}{}\n", task_, share, numbers));
  }
}

}  // namespace normscope::cli
