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
  /// What the line calls them.
  std::string x_name;
  std::string y_name;
};

/// The plot that shows it. x and y are finite.
std::string scatter_plot(const ScatterFigure& figure, Style style);

/// A figure in one of the formats.
struct FigureFile {
  /// "figure.png"
  std::string name;
  std::string content;
};

/// What figures are written as.
inline constexpr std::array<std::string_view, 3> kFigureExtensions{"png", "svg", "pdf"};

/// Draws what `plot` (gnuplot commands after its terminal) says, three times: `name`.png, .svg and
/// .pdf, `height` times as high as figures are. The plot's variable `small` is the font of small
/// type. Throws Error if gnuplot is missing or fails, and Interrupted when `stop` is requested.
std::vector<FigureFile> draw_figure(std::string_view name, Style style, std::string_view plot,
                                    double height = 1, const std::stop_token& stop = {});

/// Each file whole or not at all. Throws Error.
void write_figure(const std::filesystem::path& folder, const std::vector<FigureFile>& files);

/// Removes the files of a figure that could not be drawn: old ones would pass for new ones. Throws
/// Error.
void remove_figure(const std::filesystem::path& folder, std::string_view name);

/// What comes first in a plot: axes, grid and borders as all figures have them. The title is left
/// out of a paper, which has captions.
std::string figure_frame(Style style, std::string_view title, std::string_view x_label,
                         std::string_view y_label);

/// "model on corpus, n = 30,293"
std::string figure_title(const Manifest& manifest, std::uint64_t sentences);

/// Okabe and Ito's (2008), which the colour-blind can tell apart.
inline constexpr std::string_view kBlue = "#0072B2";
inline constexpr std::string_view kVermilion = "#D55E00";
inline constexpr std::string_view kGreen = "#009E73";
inline constexpr std::string_view kPurple = "#CC79A7";

}  // namespace normscope
