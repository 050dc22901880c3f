#include "report/result_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/figures.h"
#include "report/gnuplot.h"
#include "report/printable.h"
#include "report/run_funnel.h"
#include "report/statistics_json.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestName = 20;

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

/// For a figure: our own labels come through whole.
std::string safe(const std::string& text) { return printable(text, 60, Medium::figure); }

std::string x_label(const StoredRun& run) {
  return run.properties.front().name == "tokens" ? "Sentence length (in tokens)"
                                                 : capital(safe(run.properties.front().label));
}

std::string y_label(const StoredRun& run) {
  return run.statistics.front().column == "norm" ? "Norm of the [CLS] embedding"
                                                 : capital(safe(run.statistics.front().label));
}

std::string datablock(std::string_view name, const std::string& lines) {
  return fmt::format("${} << EOD\n{}EOD\n", name, lines);
}

std::string funnel_plot(const StoredRun& run, const Json& bins, Style style) {
  std::string lines;
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
  }
  std::string script =
      figure_frame(style, figure_title(run.manifest, run.kept.size()), x_label(run), y_label(run));
  script += datablock("bins", lines);
  script += fmt::format(
      R"gnuplot(set key top right reverse Left samplen 1.5
set style fill solid noborder
plot $bins using 1:5:6 with filledcurves linecolor rgb "#D6E6F2" title "nine in ten sentences", \
  $bins using 1:3:4 with filledcurves linecolor rgb "#9CC6E2" title "one standard deviation", \
  $bins using 1:2 with linespoints linewidth 2 linecolor rgb "{}" pointtype 7 pointsize 0.5 title "mean"
)gnuplot",
      kBlue);
  return script;
}

/// R² of the line by readout and layer, for the primary property and kind of statistic.
std::string layers_plot(const StoredRun& run, Style style) {
  std::vector<std::string> readouts;
  std::set<std::uint64_t> layers;
  std::string cells;
  double most = 0;
  for (const ShownStatistic& statistic : run.statistics) {
    if (statistic.statistic != run.statistics.front().statistic) continue;
    const Json* relation = run.relation(statistic.name, run.properties.front().name);
    if (relation == nullptr || relation->value("line", Json()).is_null()) continue;
    auto column = std::ranges::find(readouts, statistic.readout);
    if (column == readouts.end()) column = readouts.insert(column, statistic.readout);
    const double r_squared = relation->at("line").at("r_squared").at("value");
    layers.insert(statistic.layer);
    most = std::max(most, r_squared);
    cells += fmt::format("{} {} {}\n", column - readouts.begin(), statistic.layer, r_squared);
  }
  if (layers.size() < 2 && readouts.size() < 2) return {};
  // The scale ends at a round number, so that maps can be compared.
  constexpr std::array<double, 5> kEnds{0.05, 0.1, 0.25, 0.5, 1};
  const double end = *std::ranges::find_if(kEnds, [&](double e) { return e >= most || e == 1; });
  std::string tics;
  for (std::size_t i = 0; i < readouts.size(); ++i) {
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ",
                        gnuplot_string(printable(readouts[i], kLongestName, Medium::figure)), i);
  }
  std::string script =
      figure_frame(style, figure_title(run.manifest, run.kept.size()), "Readout", "Layer");
  script += datablock("cells", cells);
  script += fmt::format(
      R"gnuplot(unset grid
set xtics ({}) noenhanced
set ytics 1
set xrange [-0.5:{}]
set yrange [{}:{}]
set cbrange [0:{}]
set palette defined (0 "#F2F6FA", 0.5 "#56A0CE", 1 "#08306B")
set cblabel "{{/:Italic R}}^2 of the line"
set style fill solid noborder
plot $cells using 1:2:(0.49):(0.47):3 with boxxyerror linecolor palette notitle, \
  $cells using 1:2:(sprintf("%.3f", $3)):($3 > {} ? 0xffffff : 0x222222) with labels textcolor rgb variable notitle
)gnuplot",
      tics, static_cast<double>(readouts.size()) - 0.5, static_cast<double>(*layers.begin()) - 0.5,
      static_cast<double>(*layers.rbegin()) + 0.5, end, 0.55 * end);
  return script;
}

/// Points with their intervals: layer, value, low, high.
std::string probe_line(std::uint64_t layer, const Json& ridge) {
  const Estimate found = estimate_from(ridge.at("r_squared"));
  const Interval interval =
      found.interval.value_or(Interval{.low = found.value, .high = found.value});
  return fmt::format("{} {} {} {}\n", layer, found.value, interval.low, interval.high);
}

std::string probe_plot(const StoredRun& run, Style style) {
  struct Series {
    std::string title;
    std::string points;
    bool control;
  };
  std::map<std::string, std::array<Series, 4>> by_readout;
  for (const Json& probe : run.member("probes")) {
    if (probe.value("ridge", Json()).is_null()) continue;
    const std::uint64_t layer = probe.at("layer");
    const std::string readout = probe.at("readout");
    auto& [real, shuffled, random, permuted] = by_readout[readout];
    const std::string name = printable(readout, kLongestName, Medium::figure);
    real.title = name;
    shuffled = {name + ", words shuffled", shuffled.points, true};
    random = {name + ", random weights", random.points, true};
    permuted = {name + ", length permuted", permuted.points, true};
    const Json& ridge = probe.at("ridge");
    real.points += probe_line(layer, ridge);
    if (const Json control = ridge.value("control", Json()); !control.is_null()) {
      const double r_squared = control.at("r_squared");
      permuted.points += fmt::format("{} {} {} {}\n", layer, r_squared, r_squared, r_squared);
    }
    const Json controls = probe.value("controls", Json());
    if (controls.is_null()) continue;
    for (auto [member, series] :
         {std::pair{"shuffled_words", &shuffled}, std::pair{"random_weights", &random}}) {
      const Json control = controls.value(member, Json());
      if (control.is_null() || control.value("ridge", Json()).is_null()) continue;
      series->points += probe_line(layer, control.at("ridge"));
    }
  }
  if (by_readout.empty()) return {};
  std::string script =
      figure_frame(style, figure_title(run.manifest, run.kept.size()), "Layer", "Held-out R²");
  script += fmt::format("set key below reverse Left samplen 2 maxcols {}\nset xtics 1\n",
                        style == Style::paper ? 2 : 4);
  constexpr std::array<std::string_view, 4> kColours{kBlue, kVermilion, kGreen, kPurple};
  std::string plots;
  std::size_t block = 0;
  std::size_t colour = 0;
  for (const auto& [readout, all] : by_readout) {
    int dash = 1;
    for (const Series& series : all) {
      if (!series.points.empty()) {
        script += datablock(fmt::format("series{}", block), series.points);
        plots += fmt::format(
            "{}$series{} using 1:2:3:4 with yerrorlines linewidth 1.6 linecolor rgb \"{}\" "
            "dashtype {} pointtype {} pointsize 0.5 title {} noenhanced",
            plots.empty() ? "plot " : ", ", block++, kColours[colour % kColours.size()], dash,
            series.control ? 6 : 7, gnuplot_string(series.title));
      }
      ++dash;
    }
    ++colour;
  }
  return script + plots + "\n";
}

}  // namespace

void write_scatter(const std::filesystem::path& folder, const StoredRun& run, Style style) {
  const std::vector<double> lengths = run.kept_numbers("tokens");
  const std::vector<double> values = run.kept_numbers(*run.statistics.front().column);
  ScatterFigure figure{.x = lengths,
                       .y = values,
                       .line = {},
                       .title = figure_title(run.manifest, values.size()),
                       .x_label = x_label(run),
                       .y_label = y_label(run),
                       .x_name = "length",
                       .y_name = run.statistics.front().column == "norm" ? "norm" : "statistic"};
  if (const Json& line = run.member("regression"); !line.is_null()) {
    figure.line = Regression{.slope = estimate_from(line.at("slope")),
                             .intercept = estimate_from(line.at("intercept")),
                             .r_squared = estimate_from(line.at("r_squared"))};
  }
  write_scatter(folder, "figure", figure, style);
}

std::vector<std::string> write_result_figures(const std::filesystem::path& folder,
                                              const StoredRun& run, Style style) {
  const Json bins = run_funnel(run);
  const std::string funnel = bins.empty() ? std::string() : funnel_plot(run, bins, style);
  std::vector<std::string> written;
  for (const auto& [name, plot] :
       {std::pair{"figure-funnel", funnel}, std::pair{"figure-layers", layers_plot(run, style)},
        std::pair{"figure-probe", probe_plot(run, style)}}) {
    if (plot.empty()) continue;
    write_figure(folder, name, style, plot);
    written.emplace_back(name);
  }
  return written;
}

}  // namespace normscope
