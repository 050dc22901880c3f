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
#include "report/run_funnel.h"
#include "report/statistics_json.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestName = 20;

/// For a figure: our own labels come through whole.
std::string safe(const std::string& text) { return printable(text, 60, Medium::figure); }

std::string x_label(const StoredRun& run) {
  return run.properties.front().name == "tokens" ? "Sentence length (in tokens)"
                                                 : capital(safe(run.properties.front().label));
}

std::string y_label(const StoredRun& run) { return capital(safe(run.statistics.front().label)); }

std::string scatter(const StoredRun& run, Style style) {
  const std::vector<double> lengths = run.kept_numbers("tokens");
  const std::vector<double> values = run.kept_numbers(*run.statistics.front().column);
  ScatterFigure figure{.x = lengths,
                       .y = values,
                       .line = {},
                       .title = figure_title(run.manifest, values.size()),
                       .x_label = x_label(run),
                       .y_label = y_label(run),
                       .x_name = "length",
                       .y_name = number_label(run.statistics.front().statistic)};
  if (const Json& line = run.member("regression"); !line.is_null()) {
    figure.line = Regression{.slope = estimate_from(line.at("slope")),
                             .intercept = estimate_from(line.at("intercept")),
                             .r_squared = estimate_from(line.at("r_squared"))};
  }
  return scatter_plot(figure, style);
}

std::string datablock(std::string_view name, const std::string& lines) {
  return fmt::format("${} << EOD\n{}EOD\n", name, lines);
}

std::string funnel_plot(const StoredRun& run, const Json& bins, Style style) {
  std::string lines;
  Interval drawn{.low = std::numeric_limits<double>::infinity(),
                 .high = -std::numeric_limits<double>::infinity()};
  for (const Json& bin : bins) {
    std::map<double, double> quantiles;
    for (const Json& quantile : bin.at("quantiles")) {
      quantiles[quantile.at("probability")] = quantile.at("value");
    }
    const double mean = bin.at("mean");
    const double deviation =
        bin.at("standard_deviation").is_null() ? 0 : bin.at("standard_deviation").get<double>();
    const auto quantile = [&](double probability) {
      return quantiles.contains(probability) ? quantiles.at(probability) : mean;
    };
    lines += fmt::format("{} {} {} {} {} {}\n", bin.at("mean_property").get<double>(), mean,
                         mean - deviation, mean + deviation, quantile(0.05), quantile(0.95));
    drawn.low = std::min({drawn.low, mean - deviation, quantile(0.05)});
    drawn.high = std::max({drawn.high, mean + deviation, quantile(0.95)});
  }
  std::string script =
      figure_frame(style, figure_title(run.manifest, run.kept.size()), x_label(run), y_label(run));
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
  const ShownStatistic& primary = run.statistics.front();
  std::vector<std::string> readouts;
  std::set<std::uint64_t> layers;
  for (const ShownStatistic& statistic : run.statistics) {
    if (statistic.statistic != primary.statistic) continue;
    layers.insert(statistic.layer);
    if (std::ranges::find(readouts, statistic.readout) == readouts.end()) {
      readouts.push_back(statistic.readout);
    }
  }
  if (layers.size() < 2 && readouts.size() < 2) return {};

  std::string cells;
  std::string without;
  double most = 0;
  for (const ShownStatistic& statistic : run.statistics) {
    if (statistic.statistic != primary.statistic) continue;
    const auto column = std::ranges::find(readouts, statistic.readout) - readouts.begin();
    const auto row = std::distance(layers.begin(), layers.find(statistic.layer));
    const Json* relation = run.relation(statistic.name, run.properties.front().name);
    const bool line = relation != nullptr && !relation->value("line", Json()).is_null();
    if (!line || statistic.rounding) {
      without += fmt::format("{} {} {}\n", column, row, line ? "rounding" : "–");
      continue;
    }
    const double r_squared = relation->at("line").at("r_squared").at("value");
    most = std::max(most, r_squared);
    cells += fmt::format("{} {} {}\n", column, row, r_squared);
  }
  // The scale ends at a round number, so that maps can be compared.
  constexpr std::array<double, 5> kEnds{0.05, 0.1, 0.25, 0.5, 1};
  const double end = *std::ranges::find_if(kEnds, [&](double e) { return e >= most || e == 1; });
  std::string script =
      figure_frame(style, figure_title(run.manifest, run.kept.size()), "Readout", "Layer");
  if (!cells.empty()) script += datablock("cells", cells);
  if (!without.empty()) script += datablock("without", without);
  const std::string scale =
      fmt::format("R² of the line: {} against {}", safe(number_label(primary.statistic)),
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
      named_tics(readouts,
                 [](const std::string& readout) {
                   return printable(readout, kLongestName, Medium::figure);
                 }),
      named_tics(layers, [](std::uint64_t layer) { return fmt::format("{}", layer); }),
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

/// A line through points: layer, value, low, high. It is broken where a layer between was not
/// measured.
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
      if (before && layer != *before + 1) text += "\n";
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
  std::set<std::uint64_t> layers;
  for (const Json& probe : run.member("probes")) {
    if (probe.value("ridge", Json()).is_null()) continue;
    const std::uint64_t layer = probe.at("layer");
    const std::string readout = probe.at("readout");
    auto& [real, shuffled, random, permuted] = by_readout[readout];
    const std::string name = printable(readout, kLongestName, Medium::figure);
    real.title = name;
    shuffled.title = name + ", words shuffled";
    random.title = name + ", random weights";
    permuted.title = name + ", length permuted";
    layers.insert(layer);
    const Json& ridge = probe.at("ridge");
    real.line.add(layer, estimate_from(ridge.at("r_squared")));
    if (const Json control = ridge.value("control", Json()); !control.is_null()) {
      const double r_squared = control.at("r_squared");
      permuted.line.add(layer, {.value = r_squared, .standard_error = {}, .interval = {}});
    }
    const Json controls = probe.value("controls", Json());
    if (controls.is_null()) continue;
    for (auto [member, series] :
         {std::pair{"shuffled_words", &shuffled}, std::pair{"random_weights", &random}}) {
      const Json control = controls.value(member, Json());
      if (control.is_null() || control.value("ridge", Json()).is_null()) continue;
      series->line.add(layer, estimate_from(control.at("ridge").at("r_squared")));
    }
  }
  if (by_readout.empty()) return {};
  std::string script = figure_frame(style, figure_title(run.manifest, run.kept.size()), "Layer",
                                    "Held-out R² of the length");
  // An empty line of the legend keeps it off the label of the axis.
  script += fmt::format(
      "set key below reverse Left samplen 2 maxcols {} height 1\n"
      "set xtics ({})\nset xrange [{}:{}]\n",
      style == Style::paper ? 2 : 4, fmt::join(layers, ", "),
      static_cast<double>(*layers.begin()) - 0.3, static_cast<double>(*layers.rbegin()) + 0.3);
  constexpr std::array<std::string_view, 4> kColours{kBlue, kVermilion, kGreen, kPurple};
  // A full dot; and an empty one, a triangle and a cross for the controls.
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
  const Json bins = run_funnel(run);
  std::vector<FigurePlot> plots{
      {.name = "figure", .commands = scatter(run, style)},
      {.name = "figure-funnel",
       .commands = bins.empty() ? std::string() : funnel_plot(run, bins, style)},
      {.name = "figure-layers", .commands = layers_plot(run, style)},
      {.name = "figure-probe", .commands = probe_plot(run, style)}};
  std::erase_if(plots, [](const FigurePlot& plot) { return plot.commands.empty(); });
  return plots;
}

}  // namespace normscope
