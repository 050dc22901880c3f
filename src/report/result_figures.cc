#include "report/result_figures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/digits.h"
#include "report/figures.h"
#include "report/gnuplot.h"
#include "report/labels.h"
#include "report/printable.h"

namespace normscope {
namespace {

/// Text for a figure: our own labels are kept unchanged.
std::string safe(const std::string& text) { return printable(text, 60, Medium::figure); }

std::string x_label(const StoredRun& run) {
  return safe(property_axis_label(run.properties.front().name));
}

std::string y_label(const StoredRun& run) { return capital(safe(run.statistics.front().label)); }

std::string title(const StoredRun& run) {
  return figure_title(run.results.manifest, run.kept.size());
}

std::string scatter(const StoredRun& run, Style style) {
  const std::vector<double> property = run.first_property();
  const std::vector<double> statistic = run.first_statistic();
  return scatter_plot({.x = property,
                       .y = statistic,
                       .line = run.first_relation().relation.line,
                       .title = title(run),
                       .x_label = x_label(run),
                       .y_label = y_label(run),
                       .x_name = short_property_label(run.properties.front().name),
                       .y_name = number_label(run.statistics.front().measured.statistic)},
                      style);
}

std::string datablock(std::string_view name, const std::string& lines) {
  return fmt::format("${} << EOD\n{}EOD\n", name, lines);
}

/// Empty if there are too few sentences for bins.
std::string funnel_plot(const StoredRun& run, Style style) {
  const std::vector<FunnelBin>& bins = run.first_relation().relation.funnel;
  if (bins.size() < 2) return {};
  std::string lines;
  Interval drawn{.low = std::numeric_limits<double>::infinity(),
                 .high = -std::numeric_limits<double>::infinity()};
  for (const FunnelBin& bin : bins) {
    const double deviation = bin.standard_deviation.value_or(0);
    const auto quantile = [&](double probability) {
      const auto found = std::ranges::find(bin.quantiles, probability, &Quantile::probability);
      return found == bin.quantiles.end() ? bin.mean : found->value;
    };
    lines += fmt::format("{} {} {} {} {} {}\n", bin.mean_property, bin.mean, bin.mean - deviation,
                         bin.mean + deviation, quantile(0.05), quantile(0.95));
    drawn.low = std::min({drawn.low, bin.mean - deviation, quantile(0.05)});
    drawn.high = std::max({drawn.high, bin.mean + deviation, quantile(0.95)});
  }
  std::string script = figure_frame(style, title(run), x_label(run), y_label(run));
  script += datablock("bins", lines);
  script += fmt::format(
      R"gnuplot(set format y "{}"
set key top right reverse Left samplen 1.5
set style fill solid noborder
plot $bins using 1:5:6 with filledcurves linecolor rgb "#D6E6F2" title "nine in ten sentences", \
  $bins using 1:3:4 with filledcurves linecolor rgb "#9CC6E2" title "one standard deviation", \
  $bins using 1:2 with linespoints linewidth 2 linecolor rgb "{}" pointtype 7 pointsize 0.5 title "mean"
)gnuplot",
      tics_format(drawn), kBlue);
  return script;
}

/// "0 0, 3 1, 6 2": gnuplot's tics for the values, one beside the other.
template <typename Values, typename Text>
std::string named_tics(const Values& values, const Text& text) {
  std::string tics;
  std::size_t place = 0;
  for (const auto& value : values) {
    tics += fmt::format("{}{} {}", place == 0 ? "" : ", ", gnuplot_string(text(value)), place);
    ++place;
  }
  return tics;
}

/// R² of the line by readout and layer, for the primary property and kind of statistic.
std::string layers_plot(const StoredRun& run, Style style) {
  const Statistic kind = run.statistics.front().measured.statistic;
  std::vector<Readout> readouts;
  std::set<std::size_t> layers;
  for (const ShownStatistic& statistic : run.statistics) {
    if (statistic.measured.statistic != kind) continue;
    const auto& [layer, readout] = statistic.measured.point;
    layers.insert(layer);
    if (std::ranges::find(readouts, readout) == readouts.end()) readouts.push_back(readout);
  }
  if (layers.size() < 2 && readouts.size() < 2) return {};

  std::string cells;
  std::string without;
  double most = 0;
  for (std::size_t i = 0; i < run.statistics.size(); ++i) {
    const ShownStatistic& statistic = run.statistics[i];
    if (statistic.measured.statistic != kind) continue;
    const auto& [layer, readout] = statistic.measured.point;
    const auto column = std::ranges::find(readouts, readout) - readouts.begin();
    const auto row = std::distance(layers.begin(), layers.find(layer));
    const std::optional<Regression>& line = run.results.study.relation(0, i).relation.line;
    if (!line || statistic.rounding) {
      without += fmt::format("{} {} {}\n", column, row, line ? "rounding" : "–");
      continue;
    }
    most = std::max(most, line->r_squared.value);
    cells += fmt::format("{} {} {}\n", column, row, line->r_squared.value);
  }
  // The scale ends at a round number, so that maps can be compared.
  constexpr std::array<double, 5> kEnds{0.05, 0.1, 0.25, 0.5, 1};
  const double end = *std::ranges::find_if(kEnds, [&](double e) { return e >= most || e == 1; });
  std::string script = figure_frame(style, title(run), "Readout", "Layer");
  if (!cells.empty()) script += datablock("cells", cells);
  if (!without.empty()) script += datablock("without", without);
  const std::string scale = fmt::format("R² of the line: {} against {}", number_label(kind),
                                        safe(run.properties.front().label));
  script += fmt::format(
      R"gnuplot(unset grid
set xtics ({}) noenhanced
set ytics ({}) noenhanced
set xrange [-0.5:{}]
set yrange [-0.5:{}]
set cbrange [0:{}]
set palette defined (0 "#F2F6FA", 0.5 "#56A0CE", 1 "#08306B")
set cblabel {} noenhanced offset 1,0
set lmargin 8
set ylabel offset 0,0
set style fill solid noborder
)gnuplot",
      named_tics(readouts, [](Readout readout) { return name(readout); }),
      named_tics(layers, [](std::size_t layer) { return fmt::format("{}", layer); }),
      static_cast<double>(readouts.size()) - 0.5, static_cast<double>(layers.size()) - 0.5, end,
      gnuplot_string(scale));
  std::string plots;
  if (!cells.empty()) {
    plots = fmt::format(
        "$cells using 1:2:(0.49):(0.47):3 with boxxyerror linecolor palette notitle, "
        "$cells using 1:2:(sprintf(\"%.3f\", $3)):($3 > {} ? 0xffffff : 0x222222) with labels "
        "textcolor rgb variable notitle",
        0.55 * end);
  }
  if (!without.empty()) {
    plots += fmt::format(
        "{}$without using 1:2:(0.49):(0.47) with boxxyerror linecolor rgb \"#DDDDDD\" notitle, "
        "$without using 1:2:3 with labels textcolor rgb \"#666666\" notitle",
        plots.empty() ? "" : ", ");
  }
  return script + "plot " + plots + "\n";
}

/// A line through points (layer, value, low, high). It is interrupted where a layer in between was
/// not measured.
class ProbeLine {
 public:
  void add(std::uint64_t layer, const Estimate& found) {
    const Interval interval =
        found.interval.value_or(Interval{.low = found.value, .high = found.value});
    points_[layer] = fmt::format("{} {} {} {}\n", layer, found.value, interval.low, interval.high);
  }
  [[nodiscard]] bool empty() const { return points_.empty(); }
  [[nodiscard]] std::string lines() const {
    std::string text;
    std::optional<std::uint64_t> before;
    for (const auto& [layer, point] : points_) {
      if (before && layer != *before + 1) text += '\n';
      text += point;
      before = layer;
    }
    return text;
  }

 private:
  std::map<std::uint64_t, std::string> points_;
};

std::string probe_plot(const StoredRun& run, Style style) {
  struct Series {
    std::string title;
    ProbeLine line;
  };
  std::map<std::string, std::array<Series, 4>> by_readout;
  std::set<std::size_t> layers;
  for (const PointProbes& probes : run.results.study.probes) {
    if (!probes.ridge) continue;
    const std::string readout(name(probes.point.readout));
    const std::size_t layer = probes.point.layer;
    auto& [real, shuffled, random, permuted] = by_readout[readout];
    real.title = readout;
    shuffled.title = readout + ", words shuffled";
    random.title = readout + ", random weights";
    permuted.title = readout + ", length permuted";
    layers.insert(layer);
    real.line.add(layer, probes.ridge->r_squared);
    if (const auto& control = probes.ridge->control) {
      permuted.line.add(layer, {.value = control->r_squared, .standard_error = {}, .interval = {}});
    }
    for (auto [control, series] :
         {std::pair{"shuffled_words", &shuffled}, std::pair{"random_weights", &random}}) {
      const auto found = probes.controls.find(control);
      if (found == probes.controls.end() || !found->second.ridge) continue;
      series->line.add(layer, found->second.ridge->r_squared);
    }
  }
  if (by_readout.empty()) return {};
  std::string script =
      figure_frame(style, title(run), "Layer",
                   "Held-out R² of the " + short_property_label(run.properties.front().name));
  // An empty line of the legend keeps it off the label of the axis.
  script += fmt::format(
      "set key below reverse Left samplen 2 maxcols {} height 1\n"
      "set xtics ({})\nset xrange [{}:{}]\n",
      style == Style::paper ? 2 : 4, fmt::join(layers, ", "),
      static_cast<double>(*layers.begin()) - 0.3, static_cast<double>(*layers.rbegin()) + 0.3);
  constexpr std::array<std::string_view, 4> kColours{kBlue, kVermilion, kGreen, kPurple};
  // A full dot; for the controls an empty one, a triangle and a cross.
  constexpr std::array<int, 4> kMarks{7, 6, 8, 2};
  std::string plots;
  std::size_t block = 0;
  std::size_t colour = 0;
  for (const auto& [readout, all] : by_readout) {
    for (std::size_t kind = 0; kind < all.size(); ++kind) {
      const Series& series = all[kind];
      if (!series.line.empty()) {
        script += datablock(fmt::format("series{}", block), series.line.lines());
        plots += fmt::format(
            "{}$series{} using 1:2:3:4 with yerrorlines linewidth 1.6 linecolor rgb \"{}\" "
            "dashtype {} pointtype {} pointsize 1.5 title {} noenhanced",
            plots.empty() ? "plot " : ", ", block++, kColours[colour % kColours.size()], kind + 1,
            kMarks[kind], gnuplot_string(series.title));
      }
    }
    ++colour;
  }
  return script + plots + "\n";
}

}  // namespace

std::vector<FigurePlot> result_plots(const StoredRun& run, Style style) {
  std::vector<FigurePlot> plots{{.name = "figure", .commands = scatter(run, style)},
                                {.name = "figure-funnel", .commands = funnel_plot(run, style)},
                                {.name = "figure-layers", .commands = layers_plot(run, style)},
                                {.name = "figure-probe", .commands = probe_plot(run, style)}};
  std::erase_if(plots, [](const FigurePlot& plot) { return plot.commands.empty(); });
  return plots;
}

}  // namespace normscope
