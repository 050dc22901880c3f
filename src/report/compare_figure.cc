#include "report/compare_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "report/compare_tables.h"
#include "report/digits.h"
#include "report/gnuplot.h"
#include "report/labels.h"
#include "report/printable.h"
#include "report/thousands.h"

namespace normscope {
namespace {

struct Bin {
  double length;
  double mean;
  double low;
  double high;
};

struct Panel {
  std::string title;
  std::string subtitle;
  /// R² with its interval, as enhanced text.
  std::string label;
  std::vector<Bin> bins;
  /// The sentences, if there are too few for bins: length and norm.
  std::vector<std::pair<double, double>> dots;
  std::optional<double> slope;
  std::optional<double> intercept;
  /// Range of what is drawn.
  double longest = 1;
};

/// Rows and columns of panels, and the heights of the space above, between and below them, in units
/// of the page's usual height.
struct Grid {
  std::size_t columns;
  std::size_t rows;
  double above;
  double between;
  double below;
  double height;
};

Grid grid_of(std::size_t panels, Style style) {
  const std::size_t most = style == Style::paper || panels == 4 ? 2 : 3;
  const std::size_t columns = std::min(panels, most);
  const std::size_t rows = (panels + columns - 1) / columns;
  // Height of a line of text, of two lines of title above a panel, and of the tics, their label and
  // the legend below.
  const double line = style == Style::paper ? 0.043 : 0.037;
  constexpr double kPanel = 0.45;
  Grid grid{.columns = columns,
            .rows = rows,
            .above = 2.8 * line,
            .between = 4.6 * line,
            .below = (style == Style::paper ? 3.5 : 4.7) * line,
            .height = 0};
  grid.height = grid.above + grid.below + static_cast<double>(rows) * kPanel +
                static_cast<double>(rows - 1) * grid.between;
  return grid;
}

/// `unit` is the norm that is drawn as 1, `room` how many characters fit beside each other.
Panel panel_of(const NamedRun& named, std::size_t number, double unit, std::size_t room) {
  const StoredRun& run = named.run;
  Panel panel;
  panel.title =
      fmt::format("{}  {}, n = {}", number, printable(named.name, room - 14, Medium::figure),
                  thousands(run.kept.size()));
  panel.subtitle = fmt::format(
      "{} on {}", printable(run.results.manifest.model.name, room * 5 / 9, Medium::figure),
      printable(run.results.manifest.corpus.name, room * 4 / 9, Medium::figure));
  const Relation& relation = run.first_relation().relation;
  if (relation.funnel.size() > 1) {
    for (const FunnelBin& bin : relation.funnel) {
      const double deviation = bin.standard_deviation.value_or(0);
      panel.bins.push_back({.length = bin.mean_property,
                            .mean = bin.mean / unit,
                            .low = (bin.mean - deviation) / unit,
                            .high = (bin.mean + deviation) / unit});
    }
  }
  if (relation.line) {
    panel.slope = relation.line->slope.value / unit;
    panel.intercept = relation.line->intercept.value / unit;
    const Estimate& r_squared = relation.line->r_squared;
    panel.label = "{/:Italic R}^2 = " + shown_estimate(r_squared, Digits::of_ratio(r_squared));
  }
  if (panel.bins.empty()) {
    const std::vector<double> lengths = run.first_property();
    const std::vector<double> norms = run.first_statistic();
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      panel.dots.emplace_back(lengths[i], norms[i] / unit);
    }
    if (!panel.slope)
      panel.label = lengths.empty() ? "no sentence" : "too few sentences for a line";
    if (lengths.size() == 1) panel.label = "one sentence: no line";
  }
  for (const Bin& bin : panel.bins) panel.longest = std::max(panel.longest, bin.length);
  for (const auto& [length, norm] : panel.dots) panel.longest = std::max(panel.longest, length);
  return panel;
}

std::string x_label(const RunComparison& comparison) {
  const std::string& first = comparison.runs.front().run.properties.front().name;
  const bool alike = std::ranges::all_of(comparison.runs, [&](const NamedRun& named) {
    return named.run.properties.front().name == first;
  });
  return alike ? printable(property_axis_label(first), 60, Medium::figure) : "Property";
}

std::string y_label(const RunComparison& comparison, bool one_unit) {
  const std::string number = statistic_name(comparison);
  return capital(one_unit ? number : fmt::format("{} / its mean", number));
}

/// The range of everything that the panels show, with a margin at the bottom and a larger one at
/// the top for the label.
Interval y_range(const std::vector<Panel>& panels) {
  std::vector<double> values;
  for (const Panel& panel : panels) {
    for (const Bin& bin : panel.bins) values.insert(values.end(), {bin.low, bin.high});
    for (const auto& [length, norm] : panel.dots) values.push_back(norm);
    if (!panel.slope) continue;
    values.push_back(*panel.intercept);
    values.push_back(*panel.intercept + *panel.slope * panel.longest);
  }
  if (values.empty()) return {.low = 0, .high = 1};
  const auto [low, high] = std::ranges::minmax(values);
  const double spread = std::max({high - low, std::abs(high) * 0.01, 1e-9});
  return {.low = low - 0.05 * spread, .high = high + 0.2 * spread};
}

std::string data_of(const Panel& panel, std::size_t number) {
  std::string lines;
  for (const Bin& bin : panel.bins) {
    lines += fmt::format("{} {} {} {}\n", bin.length, bin.mean, bin.low, bin.high);
  }
  if (!lines.empty()) return fmt::format("$bins{} << EOD\n{}EOD\n", number, lines);
  for (const auto& [length, norm] : panel.dots) lines += fmt::format("{} {}\n", length, norm);
  return lines.empty() ? lines : fmt::format("$dots{} << EOD\n{}EOD\n", number, lines);
}

std::string plot_of(const Panel& panel, std::size_t number) {
  std::string plots;
  const auto add = [&](const std::string& plot) {
    plots += (plots.empty() ? "plot " : ", ") + plot;
  };
  if (!panel.bins.empty()) {
    add(fmt::format("$bins{} using 1:3:4 with filledcurves linecolor rgb \"#9CC6E2\" notitle",
                    number));
  }
  // Set before the line, whose range would otherwise be that of the panel.
  if (!panel.dots.empty()) {
    add(
        fmt::format("$dots{} using 1:2 with points linecolor rgb \"{}\" pointtype 7 pointsize 0.6 "
                    "notitle",
                    number, kBlue));
  }
  if (panel.slope) {
    add(fmt::format("[0:{}] {} + ({}) * x with lines linewidth 2.2 linecolor rgb \"{}\" notitle",
                    panel.longest, *panel.intercept, *panel.slope, kVermilion));
  }
  if (!panel.bins.empty()) {
    add(
        fmt::format("$bins{} using 1:2 with linespoints linewidth 2 linecolor rgb \"{}\" "
                    "pointtype 7 pointsize 0.4 notitle",
                    number, kBlue));
  }
  return plots.empty() ? "plot NaN notitle\n" : plots + "\n";
}

std::string plot(const std::vector<Panel>& panels, const Grid& grid, const std::string& x_label,
                 const std::string& y_label, Style style) {
  const Interval y = y_range(panels);
  double longest = 0;
  for (const Panel& panel : panels) longest = std::max(longest, panel.longest);
  const bool paper = style == Style::paper;
  std::string script = figure_frame(style, "", "", "");
  for (std::size_t i = 0; i < panels.size(); ++i) script += data_of(panels[i], i);
  script += fmt::format(
      R"gnuplot(unset title
set style fill solid noborder
set xrange [0:{}]
set yrange [{}:{}]
set multiplot layout {},{} rowsfirst margins {},0.98,{},{} spacing 0.045,{}
)gnuplot",
      1.03 * longest, y.low, y.high, grid.rows, grid.columns, paper ? 0.13 : 0.09,
      grid.below / grid.height, 1 - grid.above / grid.height, grid.between / grid.height);
  // A figure in a paper has a caption for this.
  if (!paper) {
    script += fmt::format(
        "set label 4 \"Blue: mean and one standard deviation. Orange: the regression line.\" at "
        "screen 0.5,{} center font small textcolor rgb \"#666666\"\n",
        0.022 / grid.height);
  }
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const bool first = i % grid.columns == 0;
    const bool last = i + grid.columns >= panels.size();
    script += fmt::format(
        "set label 1 {} at graph 0,1 left offset 0,1.7 noenhanced\n"
        "set label 2 {} at graph 0,1 left offset 0,0.6 noenhanced font small textcolor rgb "
        "\"#666666\"\n",
        gnuplot_string(panels[i].title), gnuplot_string(panels[i].subtitle));
    script += panels[i].label.empty()
                  ? "unset label 3\n"
                  : fmt::format(
                        "set label 3 \"{}\" at graph 0.98,0.93 right font small "
                        "textcolor rgb \"{}\"\n",
                        panels[i].label, kVermilion);
    script += fmt::format("set xlabel {} noenhanced\n", gnuplot_string(last ? x_label : ""));
    script += first ? fmt::format("set ylabel {} noenhanced\nset format y \"{}\"\n",
                                  gnuplot_string(y_label), tics_format(y))
                    : "set ylabel \"\"\nset format y \"\"\n";
    script += plot_of(panels[i], i) + "unset label 4\n";
  }
  return script + "unset multiplot\n";
}

}  // namespace

std::vector<FigureFile> compare_figure(const RunComparison& comparison, Style style) {
  const std::size_t count = std::min(comparison.runs.size(), kMostPanels);
  const Grid grid = grid_of(count, style);
  const bool one_unit = same_units(comparison.runs);
  const std::size_t room = grid.columns < 3 && style == Style::notebook ? 45 : 30;
  std::vector<Panel> panels;
  for (std::size_t i = 0; i < count; ++i) {
    const std::optional<Estimate>& mean = comparison.comparison.runs[i].mean;
    const double unit = one_unit || !mean || mean->value <= 0 ? 1 : mean->value;
    panels.push_back(panel_of(comparison.runs[i], i + 1, unit, room));
  }
  return draw_figure("figure-compare", style,
                     plot(panels, grid, x_label(comparison), y_label(comparison, one_unit), style),
                     grid.height);
}

}  // namespace normscope
