#include "report/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <utility>

#include "report/base64.h"
#include "report/gzip.h"
#include "report/html.h"
#include "report/labels.h"
#include "report/printable.h"
#include "report/run_funnel.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostPoints = 100'000;
constexpr std::size_t kLongestText = 400;
/// In the page, of 25 MB that it may have: BokehJS and the static figures take 3.
constexpr std::size_t kTextBytes = 9'000'000;
constexpr std::size_t kResultBytes = 6'000'000;
constexpr std::size_t kColumnBytes = 7'000'000;
constexpr std::size_t kBase64OfFloat = 6;

/// Positions among the kept rows in random order, so that any beginning of them is a uniform
/// sample.
std::vector<std::size_t> shuffled(std::size_t count, std::size_t most) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::mt19937_64 random(20'260'101);
  const std::size_t taken = std::min(count, most);
  for (std::size_t i = 0; i < taken; ++i) {
    // The remainder favours some by less than one in 2⁴⁰.
    std::swap(order[i], order[i + random() % (count - i)]);
  }
  order.resize(taken);
  return order;
}

std::string element(std::string_view id, std::string_view type, std::string_view content) {
  return fmt::format("<script id=\"{}\" type=\"{}\">{}</script>\n", id, type, content);
}

/// The texts of the points, a line each, cut shorter until they fit.
std::string packed_texts(const StoredRun& run, const std::vector<std::size_t>& order) {
  std::vector<std::pair<std::uint64_t, std::size_t>> rows;
  for (std::size_t i = 0; i < order.size(); ++i) rows.emplace_back(run.kept[order[i]], i);
  std::ranges::sort(rows);
  std::vector<std::uint64_t> sorted;
  for (const auto& [row, point] : rows) sorted.push_back(row);
  constexpr std::size_t kMostBytes = 4 * kLongestText;
  const std::vector<std::string> texts = run.table.texts(sorted, kMostBytes);
  std::vector<const std::string*> text_of(order.size());
  for (std::size_t i = 0; i < rows.size(); ++i) text_of[rows[i].second] = &texts[i];
  for (std::size_t longest = kLongestText;; longest /= 2) {
    std::string lines;
    for (const std::string* text : text_of) {
      lines += printable(*text, longest, Medium::terminal);
      lines += '\n';
    }
    std::string packed = base64(gzip(lines));
    if (packed.size() <= kTextBytes || longest == 0) return packed;
  }
}

std::vector<double> at_points(const std::vector<double>& numbers,
                              const std::vector<std::size_t>& order, std::size_t count) {
  std::vector<double> chosen;
  for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
    chosen.push_back(numbers[order[i]]);
  }
  return chosen;
}

/// What is taken off numbers that float32 could not tell apart: they lie far from 0 and close to
/// each other. Else 0.
double offset_of(const std::vector<double>& numbers) {
  constexpr double kClose = 1e-3;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double number : numbers) {
    if (!std::isfinite(number)) continue;
    low = std::min(low, number);
    high = std::max(high, number);
  }
  if (!(low <= high)) return 0;
  return high - low < kClose * std::max(std::abs(low), std::abs(high)) ? low : 0;
}

/// Without what is large and can be done without, where all would be too much.
std::string results_text(const StoredRun& run) {
  std::string text = run.results.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= kResultBytes || run.member("grid").is_null()) return text;
  Json results = run.results;
  for (Json& relation : results.at("grid").at("relations")) relation["funnel"] = Json::array();
  return results.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string page_data(const StoredRun& run) {
  const std::vector<std::size_t> order = shuffled(run.kept.size(), kMostPoints);
  std::size_t columns = 0;
  for (const auto& property : run.properties) columns += property.column ? 1 : 0;
  for (const auto& statistic : run.statistics) columns += statistic.column ? 1 : 0;
  const std::size_t beside_primary = columns > 2 ? columns - 2 : 0;
  const std::size_t elsewhere =
      beside_primary == 0 ? order.size()
                          : std::min(order.size(), kColumnBytes / beside_primary / kBase64OfFloat);

  std::string elements;
  std::size_t written = 0;
  const auto add = [&](const std::optional<std::string>& column, bool primary, Json& entry) {
    if (!column) return;
    std::vector<double> points =
        at_points(run.kept_numbers(*column), order, primary ? order.size() : elsewhere);
    const double offset = offset_of(points);
    for (double& point : points) point -= offset;
    entry["column"] = written;
    if (offset != 0) entry["offset"] = offset;
    elements += element(fmt::format("column-{}", written++), "text/plain", base64_float32(points));
  };
  Json statistics = Json::array();
  for (const ShownStatistic& statistic : run.statistics) {
    Json entry{{"name", statistic.name},        {"layer", statistic.layer},
               {"readout", statistic.readout},  {"statistic", statistic.statistic},
               {"label", statistic.label},      {"number", number_label(statistic.statistic)},
               {"rounding", statistic.rounding}};
    add(statistic.column, &statistic == &run.statistics.front(), entry);
    statistics.push_back(std::move(entry));
  }
  Json properties = Json::array();
  for (const ShownProperty& property : run.properties) {
    Json entry{{"name", property.name}, {"label", property.label}};
    add(property.column, property.name == "tokens", entry);
    properties.push_back(std::move(entry));
  }
  const Json data{{"statistics", std::move(statistics)},
                  {"properties", std::move(properties)},
                  {"points", order.size()},
                  {"sentences", run.kept.size()},
                  {"funnel", run_funnel(run)}};
  elements += element("texts", "text/plain", packed_texts(run, order));
  elements += element("data", "application/json",
                      json_in_script(data.dump(-1, ' ', false, Json::error_handler_t::replace)));
  elements += element("results", "application/json", json_in_script(results_text(run)));
  return elements;
}

}  // namespace normscope
