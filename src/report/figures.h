#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "normscope/analysis.h"
#include "normscope/report.h"

namespace normscope {

/// A statistic against a property, sentence by sentence.
struct ScatterFigure {
  std::span<const double> x;
  std::span<const double> y;
  std::optional<Regression> line;
  std::string title;
  std::string x_label;
  std::string y_label;
  /// Their names in the text about the line.
  std::string x_name;
  std::string y_name;
};

/// The plot that shows it. x and y must be finite.
std::string scatter_plot(const ScatterFigure& figure, Style style);

/// A figure in one of the formats.
struct FigureFile {
  /// "figure.png"
  std::string name;
  std::string content;
};

/// The formats of figures.
inline constexpr std::array<std::string_view, 3> kFigureExtensions{"png", "svg", "pdf"};

/// Draws `plot` (gnuplot commands after those of the terminal) three times: as `name`.png, .svg and
/// .pdf, `height` times as high as figures usually are. In the plot, the variable `small` is the
/// font of small type. Throws Error if gnuplot is missing or fails, and Interrupted when `stop` is
/// requested.
std::vector<FigureFile> draw_figure(std::string_view name, Style style, std::string_view plot,
                                    double height = 1, const std::stop_token& stop = {});

/// Writes each file whole or not at all. Throws Error.
void write_figure(const std::filesystem::path& folder, const std::vector<FigureFile>& files);

/// Removes the files of a figure that could not be drawn, so that old ones cannot be mistaken for
/// new ones. Throws Error.
void remove_figure(const std::filesystem::path& folder, std::string_view name);

/// The start of every plot: axes, grid and borders. In the style for papers there is no title,
/// because papers have captions.
std::string figure_frame(Style style, std::string_view title, std::string_view x_label,
                         std::string_view y_label);

/// "model on corpus, n = 30,293"
std::string figure_title(const Manifest& manifest, std::uint64_t sentences);

/// Colours by Okabe and Ito (2008), which colour-blind readers can tell apart.
inline constexpr std::string_view kBlue = "#0072B2";
inline constexpr std::string_view kVermilion = "#D55E00";
inline constexpr std::string_view kGreen = "#009E73";
inline constexpr std::string_view kPurple = "#CC79A7";

}  // namespace normscope
