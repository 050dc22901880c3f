#include "report/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <system_error>

#include "base/atomic_file.h"
#include "normscope/error.h"
#include "report/digits.h"
#include "report/gnuplot.h"
#include "report/point_layer.h"
#include "report/printable.h"
#include "report/thousands.h"

namespace normscope {
namespace {

/// How gnuplot draws a figure, for each extension in its order.
struct Format {
  std::string_view terminal;
  /// In the terminal's unit.
  double width;
  double height;
  std::string_view unit;
  std::string_view look;
  /// Size of small type.
  double small;
};

/// 16 × 10.7 cm; the picture has 300 dots an inch.
constexpr std::array<Format, 3> kNotebook{
    {{"pngcairo", 1920, 1280, "", R"(font "Sans,11" fontscale 2.4 linewidth 2.4)", 9},
     {"svg", 800, 533, "", R"(font "Helvetica,13")", 10.5},
     {"pdfcairo", 16, 10.7, "cm", R"(font "Sans,9")", 7.5}}};

/// 8.6 × 6.4 cm, a column of a two-column page, in the type of its text; 600 dots an inch.
constexpr std::array<Format, 3> kPaper{
    {{"pngcairo", 2032, 1512, "", R"(font "Times,8" fontscale 4.2 linewidth 5)", 7},
     {"svg", 430, 320, "", R"(font "Times,11" linewidth 0.8)", 9.5},
     {"pdfcairo", 8.6, 6.4, "cm", R"(font "Times,8" linewidth 0.7)", 7}}};

constexpr std::size_t kLongestName = 36;

/// From 0 (or the lowest, if that is negative) to one more than the largest.
Interval x_range(std::span<const double> x) {
  if (x.empty()) return {.low = 0, .high = 1};
  const auto [low, high] = std::ranges::minmax(x);
  if (low >= 0 && high > 1) return {.low = 0, .high = high + 1};
  const double spread = std::max(high - low, 1e-9);
  return {.low = low - 0.02 * spread, .high = high + 0.02 * spread};
}

Interval y_range(std::span<const double> y) {
  if (y.empty()) return {.low = 0, .high = 1};
  const auto [low, high] = std::ranges::minmax(y);
  constexpr double kMargin = 0.04;
  const double spread = high - low;
  const double margin =
      spread > 1e-9 * std::abs(high) ? kMargin * spread : std::max(kMargin * std::abs(high), 1e-3);
  return {.low = low - margin, .high = high + margin};
}

/// Characters that enhanced text shows unchanged.
std::string plain(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter || (c >= '0' && c <= '9') || c == ' ') kept += c;
  }
  return kept;
}

/// The line in words, as enhanced text.
std::string equation(const ScatterFigure& figure) {
  const auto& [slope, intercept, r_squared] = *figure.line;
  return fmt::format("{} = {} {} {} × {},  {{/:Italic R}}^2 = {}", plain(figure.y_name),
                     Digits::of(intercept)(intercept.value), slope.value < 0 ? "−" : "+",
                     Digits::of(slope)(std::abs(slope.value)), plain(figure.x_name),
                     shown_estimate(r_squared, Digits::of_ratio(r_squared)));
}

}  // namespace

// The picture of the points comes at its end.
std::string scatter_plot(const ScatterFigure& figure, Style style) {
  const Interval x = x_range(figure.x);
  const Interval y = y_range(figure.y);
  const PointLayer points = draw_points(figure.x, figure.y, x, y);
  const double dx = (x.high - x.low) / static_cast<double>(points.width);
  const double dy = (y.high - y.low) / static_cast<double>(points.height);
  std::string label;
  std::string line;
  if (figure.line) {
    label =
        fmt::format("set label \"{}\" at graph 0.5,1 center offset 0,0.8 textcolor rgb \"{}\"\n",
                    equation(figure), kVermilion);
    line = fmt::format(", {} + {} * x with lines linewidth 2.2 linecolor rgb \"{}\" notitle",
                       figure.line->intercept.value, figure.line->slope.value, kVermilion);
  }
  std::string script = figure_frame(style, figure.title, figure.x_label, figure.y_label);
  script += fmt::format(
      R"gnuplot(set xrange [{}:{}]
set yrange [{}:{}]
set format x "{}"
set format y "{}"
{}plot "-" binary array=({},{}) format="%uchar" origin=({},{}) dx={} dy={} with rgbalpha notitle{}
)gnuplot",
      x.low, x.high, y.low, y.high, tics_format(x), tics_format(y), label, points.width,
      points.height, x.low + dx / 2, y.low + dy / 2, dx, dy, line);
  script.append(points.rgba.begin(), points.rgba.end());
  return script;
}

std::string figure_title(const Manifest& manifest, std::uint64_t sentences) {
  return fmt::format(
      "{} on {}, n = {}", printable(manifest.model.name, kLongestName, Medium::figure),
      printable(manifest.corpus.name, kLongestName, Medium::figure), thousands(sentences));
}

std::string figure_frame(Style style, std::string_view title, std::string_view x_label,
                         std::string_view y_label) {
  std::string script = fmt::format(
      R"gnuplot(set encoding utf8
set border 3 linewidth 1 linecolor rgb "#444444"
set tics out nomirror scale 0.6
set format "%g"
set grid back linetype 1 linewidth 0.7 linecolor rgb "#dddddd"
set tmargin {}
set rmargin 3
set xlabel {} noenhanced
set ylabel {} noenhanced offset 0.5,0
)gnuplot",
      style == Style::paper ? "2.4" : "4.2", gnuplot_string(x_label), gnuplot_string(y_label));
  if (style == Style::notebook) {
    script += fmt::format("set title {} noenhanced offset 0,1\n", gnuplot_string(title));
  }
  return script;
}

std::vector<FigureFile> draw_figure(std::string_view name, Style style, std::string_view plot,
                                    double height, const std::stop_token& stop) {
  std::vector<FigureFile> files;
  const auto& formats = style == Style::paper ? kPaper : kNotebook;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (stop.stop_requested()) throw Interrupted();
    const Format& format = formats[i];
    // Whole dots, or tenths of a millimetre.
    const double step = format.unit.empty() ? 1 : 100;
    std::string script = fmt::format(
        "set terminal {0} size {1}{3},{2}{3} {4} background \"#ffffff\"\n"
        "small = \",{5}\"\n",
        format.terminal, format.width, std::round(format.height * height * step) / step,
        format.unit, format.look, format.small);
    script += plot;
    files.push_back({.name = fmt::format("{}.{}", name, kFigureExtensions[i]),
                     .content = run_gnuplot(script, stop)});
  }
  return files;
}

void write_figure(const std::filesystem::path& folder, const std::vector<FigureFile>& files) {
  for (const FigureFile& file : files) write_atomically(folder / file.name, file.content);
}

void remove_figure(const std::filesystem::path& folder, std::string_view name) {
  for (const std::string_view extension : kFigureExtensions) {
    const std::filesystem::path path = folder / fmt::format("{}.{}", name, extension);
    std::error_code error;
    std::filesystem::remove(path, error);
    if (error) throw Error(path, error.message());
  }
}

}  // namespace normscope
