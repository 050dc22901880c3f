#include "report/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <utility>

#include "base/json_fields.h"
#include "report/base64.h"
#include "report/gzip.h"
#include "report/html.h"
#include "report/labels.h"
#include "report/printable.h"
#include "results/results.h"

namespace normscope {
namespace {

constexpr std::size_t kMostPoints = 100'000;
constexpr std::size_t kLongestText = 400;
/// Limit for the data in the page, which may have 25 MB: BokehJS and the static figures take 3.
constexpr std::size_t kTextBytes = 9'000'000;
constexpr std::size_t kResultBytes = 6'000'000;
constexpr std::size_t kColumnBytes = 7'000'000;
constexpr std::size_t kBase64OfFloat = 6;

/// Positions among the kept rows in random order, so that any first part of them is a uniform
/// sample.
std::vector<std::size_t> shuffled(std::size_t count, std::size_t most) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::mt19937_64 random(20'260'101);
  const std::size_t taken = std::min(count, most);
  for (std::size_t i = 0; i < taken; ++i) {
    // The remainder favours some numbers by less than one in 2⁴⁰.
    std::swap(order[i], order[i + random() % (count - i)]);
  }
  order.resize(taken);
  return order;
}

std::string element(std::string_view id, std::string_view type, std::string_view content) {
  return fmt::format("<script id=\"{}\" type=\"{}\">{}</script>\n", id, type, content);
}

/// The texts of the points, one line each, cut shorter until they fit.
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

/// What is subtracted from numbers that are so far from 0 and so close together that float32 could
/// not tell them apart. Else 0.
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

/// Leaves out what is large and can be spared, if everything would be too much.
std::string text_of(const Results& results) {
  std::string text = results_text(results, true);
  if (text.size() <= kResultBytes) return text;
  Results smaller = results;
  for (GridRelation& found : smaller.study.relations) {
    if (&found != &smaller.study.relations.front()) found.relation.funnel.clear();
  }
  return results_text(smaller, true);
}

/// A statistic or a property as the page's script receives it.
struct Entry {
  const ShownStatistic* statistic = nullptr;
  const ShownProperty* property = nullptr;
  /// The element with its numbers, if there is one, and what was subtracted from them.
  std::optional<std::uint64_t> column = {};
  double offset = 0;
};

template <class Fields>
void describe(Fields& fields, Of<Entry> auto& entry) {
  if (entry.statistic != nullptr) {
    const StatisticColumn& measured = entry.statistic->measured;
    fields("name", entry.statistic->name);
    fields("layer", measured.point.layer);
    fields("readout", name(measured.point.readout));
    fields("statistic", name(measured.statistic));
    fields("label", entry.statistic->label);
    fields("number", number_label(measured.statistic));
    fields("rounding", entry.statistic->rounding);
  } else {
    fields("name", entry.property->name);
    fields("label", entry.property->label);
  }
  fields("column", entry.column);
  fields("offset", entry.offset);
}

/// What the page can show.
struct Data {
  std::vector<Entry> statistics;
  std::vector<Entry> properties;
  std::uint64_t sentences = 0;
};

template <class Fields>
void describe(Fields& fields, Of<Data> auto& data) {
  fields("statistics", data.statistics);
  fields("properties", data.properties);
  fields("sentences", data.sentences);
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
  std::uint64_t written = 0;
  const auto add = [&](const std::optional<std::string>& column, bool first, Entry& entry) {
    if (!column) return;
    std::vector<double> points =
        at_points(run.kept_numbers(*column), order, first ? order.size() : elsewhere);
    entry.offset = offset_of(points);
    for (double& point : points) point -= entry.offset;
    elements += element(fmt::format("column-{}", written), "text/plain", base64_float32(points));
    entry.column = written++;
  };
  Data data{.statistics = {}, .properties = {}, .sentences = run.kept.size()};
  for (const ShownStatistic& statistic : run.statistics) {
    Entry& entry = data.statistics.emplace_back(Entry{.statistic = &statistic});
    add(statistic.column, &statistic == &run.statistics.front(), entry);
  }
  for (const ShownProperty& property : run.properties) {
    Entry& entry = data.properties.emplace_back(Entry{.property = &property});
    add(property.column, &property == &run.properties.front(), entry);
  }
  elements += element("texts", "text/plain", packed_texts(run, order));
  elements += element("data", "application/json", json_in_script(json_text(data)));
  elements += element("results", "application/json", json_in_script(text_of(run.results)));
  return elements;
}

}  // namespace normscope
