#include "report/truncation_text.h"

#include <fmt/format.h>

#include <cstdint>

#include "report/thousands.h"

namespace normscope {
namespace {

/// "12 of 1,300 sentences (0.9 %)"
std::string some_of(std::uint64_t some, std::uint64_t all, const std::string& sentences) {
  const double percent = 100 * static_cast<double>(some) / static_cast<double>(all);
  return fmt::format("{} of {} {} ({})", thousands(some), thousands(all), sentences,
                     percent < 0.1 ? "less than 0.1 %" : fmt::format("{:.1f} %", percent));
}

}  // namespace

std::string truncation_text(const Manifest& manifest) {
  const Counts& counts = manifest.counts;
  const std::string read = fmt::format(
      "the model read only the first {} tokens, special tokens included", manifest.max_length);
  if (counts.dropped_truncated > 0) {
    return fmt::format(
        " Not analysed: {}, of which {}.",
        some_of(counts.dropped_truncated, counts.dropped_truncated + counts.kept,
                fmt::format("sentences of fewer than {} tokens", manifest.length_below)),
        read);
  }
  if (counts.kept_truncated > 0) {
    return fmt::format(
        " Analysed all the same: {}, of which {}; their length is that of the whole sentence, "
        "their "
        "vector that of its beginning.",
        some_of(counts.kept_truncated, counts.kept, "sentences"), read);
  }
  return {};
}

}  // namespace normscope
