#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

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

/// `name`.png, .svg and .pdf in `folder`. x and y are finite.
void write_scatter(const std::filesystem::path& folder, std::string_view name,
                   const ScatterFigure& figure, Style style);

/// Draws what `plot` (gnuplot commands after its terminal) says, three times: `name`.png, .svg and
/// .pdf in `folder`, `height` times as high as figures are. Its variable `small` is the font of
/// small type.
void write_figure(const std::filesystem::path& folder, std::string_view name, Style style,
                  std::string_view plot, double height = 1);

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
