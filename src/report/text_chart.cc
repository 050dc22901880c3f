#include "report/text_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "analysis/funnel.h"
#include "normscope/report.h"
#include "report/digits.h"
#include "report/labels.h"
#include "report/thousands.h"

namespace normscope {
namespace {

constexpr std::uint64_t kMostBins = 8;
constexpr std::uint64_t kFewestInBin = 10;
constexpr int kWidth = 44;

double deviation(const FunnelBin& bin) { return bin.standard_deviation.value_or(0); }

}  // namespace

Characters terminal_characters() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale(value);
    const bool utf8 = locale.find("UTF-8") != std::string_view::npos ||
                      locale.find("utf8") != std::string_view::npos ||
                      locale.find("utf-8") != std::string_view::npos;
    return utf8 ? Characters::unicode : Characters::ascii;
  }
  return Characters::ascii;
}

std::string funnel_chart(std::string_view what, std::span<const double> lengths,
                         std::span<const double> numbers, Characters characters) {
  const std::uint64_t wanted = std::min<std::uint64_t>(kMostBins, lengths.size() / kFewestInBin);
  if (wanted < 2) return {};
  const std::vector<FunnelBin> bins = funnel(lengths, numbers, wanted);
  double low = bins.front().mean;
  double high = low;
  for (const FunnelBin& bin : bins) {
    low = std::min(low, bin.mean - deviation(bin));
    high = std::max(high, bin.mean + deviation(bin));
  }
  if (bins.size() < 2 || !(high > low)) return {};
  const bool unicode = characters == Characters::unicode;
  const std::string_view bar = unicode ? "─" : "-";
  const std::string_view mean = unicode ? "●" : "o";
  const auto place = [&](double value) {
    return static_cast<int>(std::lround((value - low) / (high - low) * (kWidth - 1)));
  };
  const Digits digits = Digits::of(Interval{.low = low, .high = high});
  const std::string ends =
      fmt::format("{:<{}}{:>{}}", digits(low), kWidth / 2, digits(high), kWidth - kWidth / 2);
  std::string text = fmt::format("{} by length ({} mean, {} one standard deviation)\n",
                                 capital(std::string(what)), mean, bar);
  text += fmt::format("  {:>9}  {}  {:>9}\n", "tokens", ends, "sentences");
  for (const FunnelBin& bin : bins) {
    std::string line;
    const int first = place(bin.mean - deviation(bin));
    const int last = place(bin.mean + deviation(bin));
    for (int column = 0; column < kWidth; ++column) {
      if (column == place(bin.mean)) {
        line += mean;
      } else if (column >= first && column <= last) {
        line += bar;
      } else {
        line += ' ';
      }
    }
    const std::string range = bin.low == bin.high ? fmt::format("{:.0f}", bin.low)
                                                  : fmt::format("{:.0f}-{:.0f}", bin.low, bin.high);
    text += fmt::format("  {:>9}  {}  {:>9}\n", range, line, thousands(bin.count));
  }
  return text;
}

std::string funnel_chart(const Manifest& manifest, std::span<const double> property,
                         std::span<const double> statistic) {
  return funnel_chart(number_label(manifest.statistics.front().statistic), property, statistic,
                      terminal_characters());
}

}  // namespace normscope
