#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "files/atomic_file.h"
#include "normscope/report.h"
#include "report/gnuplot.h"
#include "report/point_layer.h"
#include "report/printable.h"
#include "report/thousands.h"

namespace normscope {
namespace {

struct Format {
  std::string_view file;
  /// 16 × 10.7 cm; the picture has 300 dots an inch.
  std::string_view terminal;
};

constexpr std::array<Format, 3> kFormats{
    {{"figure.png",
      R"(pngcairo size 1920,1280 font "Sans,11" fontscale 2.4 linewidth 2.4 background "#ffffff")"},
     {"figure.svg", R"(svg size 800,533 font "Helvetica,13" background "#ffffff")"},
     {"figure.pdf", R"(pdfcairo size 16cm,10.7cm font "Sans,9" background "#ffffff")"}}};

constexpr std::string_view kRed = "#d62728";
constexpr std::size_t kLongestName = 36;

/// From 0 to a token more than the longest.
Interval length_range(std::span<const double> lengths) {
  return {.low = 0, .high = lengths.empty() ? 1 : std::ranges::max(lengths) + 1};
}

Interval norm_range(std::span<const double> norms) {
  if (norms.empty()) return {.low = 0, .high = 1};
  const auto [low, high] = std::ranges::minmax(norms);
  constexpr double kMargin = 0.04;
  const double spread = high - low;
  const double margin =
      spread > 1e-9 * std::abs(high) ? kMargin * spread : std::max(kMargin * std::abs(high), 1e-3);
  return {.low = low - margin, .high = high + margin};
}

std::string title(const Report& report) {
  return fmt::format("{} on {}, n = {}",
                     printable(report.manifest.model.name, kLongestName, Medium::figure),
                     printable(report.manifest.corpus.name, kLongestName, Medium::figure),
                     thousands(report.norms.size()));
}

/// The line in words: numbers of our own alone, and so safe as enhanced text.
std::string equation(const Regression& regression) {
  const double slope = regression.slope.value;
  const Estimate& r_squared = regression.r_squared;
  std::string text = fmt::format("norm = {:.4g} {} {:.3g} × length,  {{/:Italic R}}^2 = {:.4f}",
                                 regression.intercept.value, slope < 0 ? "−" : "+", std::abs(slope),
                                 r_squared.value);
  if (r_squared.interval) {
    text += fmt::format(" [{:.4f}, {:.4f}]", r_squared.interval->low, r_squared.interval->high);
  }
  return text;
}

/// What gnuplot is told after its terminal, the picture of the points at its end.
std::string plot_script(const Report& report) {
  const Interval x = length_range(report.lengths);
  const Interval y = norm_range(report.norms);
  const PointLayer points = draw_points(report.lengths, report.norms, x, y);
  const double dx = (x.high - x.low) / static_cast<double>(points.width);
  const double dy = (y.high - y.low) / static_cast<double>(points.height);
  std::string label;
  std::string line;
  if (const auto& regression = report.analysis.regression) {
    label =
        fmt::format("set label \"{}\" at graph 0.5,1 center offset 0,0.8 textcolor rgb \"{}\"\n",
                    equation(*regression), kRed);
    line = fmt::format(", {} + {} * x with lines linewidth 2.2 linecolor rgb \"{}\" notitle",
                       regression->intercept.value, regression->slope.value, kRed);
  }
  std::string script = fmt::format(
      R"gnuplot(set encoding utf8
set xrange [{}:{}]
set yrange [{}:{}]
set border 3 linewidth 1 linecolor rgb "#444444"
set tics out nomirror scale 0.6
set grid back linetype 1 linewidth 0.7 linecolor rgb "#dddddd"
set tmargin 4.2
set rmargin 3
set xlabel "Sentence length (in tokens)"
set ylabel "Norm of the [CLS] embedding" offset 0.5,0
set title {} noenhanced offset 0,1
{}plot "-" binary array=({},{}) format="%uchar" origin=({},{}) dx={} dy={} with rgbalpha notitle{}
)gnuplot",
      x.low, x.high, y.low, y.high, gnuplot_string(title(report)), label, points.width,
      points.height, x.low + dx / 2, y.low + dy / 2, dx, dy, line);
  script.append(points.rgba.begin(), points.rgba.end());
  return script;
}

}  // namespace

void write_figures(const std::filesystem::path& folder, const Report& report) {
  const std::string script = plot_script(report);
  for (const Format& format : kFormats) {
    write_atomically(folder / format.file,
                     run_gnuplot(fmt::format("set terminal {}\n{}", format.terminal, script)));
  }
}

}  // namespace normscope
