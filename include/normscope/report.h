// The report of a finished run: its page, its figures, and its text for a terminal.
//
//     for (const std::string& line : normscope::render_report("run-folder")) {
//       std::cerr << line << '\n';  // a figure that could not be drawn, and why
//     }
//     std::cout << normscope::summary(normscope::read_results("run-folder"));
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/export.h"
#include "normscope/results.h"

namespace normscope {

/// How static figures look: for a notebook or a page, or for a column of a paper (smaller, with
/// type of the size of its text, without a title).
enum class Style { notebook, paper };

/// Told how many steps of writing a report are done; calls never overlap.
using RenderProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Writes the report of a finished run again, from the results.json and measurements.parquet in its
/// folder: report.html, report.md and the static figures (PNG, SVG, PDF), which are figure.* (the
/// scatter), figure-funnel.*, and, if the run has the data for them, figure-layers.* and
/// figure-probe.*; each file whole or not at all. The figures need gnuplot (5.4 or later, with its
/// cairo terminals) on PATH. Figures that it cannot draw are left out and their old files removed;
/// the returned lines say which they are and why. Keeps runs out of the folder meanwhile. Throws
/// Error, also if one of the two files is not what a run writes or a run is using the folder, and
/// Interrupted when `stop` is requested.
NORMSCOPE_EXPORT std::vector<std::string> render_report(const std::filesystem::path& folder,
                                                        Style style = Style::notebook,
                                                        const std::stop_token& stop = {},
                                                        const RenderProgress& progress = {});

/// Why static figures cannot be drawn here, and what to install; absent if they can: gnuplot is on
/// PATH, new enough, and has the necessary terminals. Takes about 20 ms, and at most 5 s. Throws
/// Interrupted when `stop` is requested.
[[nodiscard]] NORMSCOPE_EXPORT std::optional<std::string> figure_problem(
    const std::stop_token& stop = {});

/// The results for a terminal: a page of text with a line feed at its end. It names the strongest
/// relation, if there is more than one, and the best probe.
[[nodiscard]] NORMSCOPE_EXPORT std::string summary(const Results& results);

/// The primary statistic along the primary property for a terminal, at most 76 columns wide, in
/// Unicode if the locale supports it: mean and one standard deviation for each of at most 8 bins of
/// the property. Empty if there are too few sentences. The numbers must be finite, one of each per
/// sentence.
[[nodiscard]] NORMSCOPE_EXPORT std::string funnel_chart(const Manifest& manifest,
                                                        std::span<const double> property,
                                                        std::span<const double> statistic);

}  // namespace normscope
