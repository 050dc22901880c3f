#include "report/page_tables.h"

#include <fmt/format.h>

#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "report/html.h"
#include "report/main_numbers.h"

namespace normscope {
namespace {

using Json = nlohmann::json;
using Pointer = Json::json_pointer;
using Kind = NumberKind;

/// The number at `place`, or a dash.
std::string number(const StoredRun& run, const Pointer& place, const Digits& digits) {
  const Json& value = at(run, place);
  if (!value.is_number()) return "–";
  return fmt::format(R"(<data data-at="{}" value="{}">{}</data>)", html_text(place.to_string()),
                     value.dump(), digits(value.get<double>()));
}

std::string number(const StoredRun& run, const Pointer& place, Kind kind) {
  return number(run, place, digits_at(run, place, kind));
}

std::string interval(const StoredRun& run, const Pointer& place, const Digits& digits) {
  if (!at(run, place).is_array()) return {};
  return fmt::format("{} to {}", number(run, place / 0, digits), number(run, place / 1, digits));
}

/// A number with its interval below it.
std::string estimate(const StoredRun& run, const Pointer& place, Kind kind,
                     const std::string& member = "interval_95") {
  const Digits digits = digits_at(run, place / "value", kind, place / member);
  std::string text = number(run, place / "value", digits);
  const std::string range = interval(run, place / member, digits);
  if (!range.empty()) text += fmt::format("<small>{}</small>", range);
  return text;
}

std::string head(std::initializer_list<std::string_view> names) {
  std::string row = "<thead><tr>";
  for (const std::string_view name : names) row += fmt::format("<th scope=\"col\">{}</th>", name);
  return row + "</tr></thead>\n<tbody>\n";
}

std::string row(std::string_view label, std::initializer_list<std::string> cells,
                std::string_view kind = {}) {
  std::string text = kind.empty() ? "<tr>" : fmt::format("<tr class=\"{}\">", kind);
  text += fmt::format("<th scope=\"row\">{}</th>", label);
  for (const std::string& cell : cells) text += fmt::format("<td>{}</td>", cell);
  return text + "</tr>\n";
}

/// Can be scrolled by keyboard where it is wider than the page.
std::string table(std::string_view label, std::string_view kind, const std::string& rows) {
  return fmt::format(
      "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"{}\">\n"
      "{}</tbody></table></div>\n",
      label, kind, rows);
}

std::string item(std::string_view label, const std::string& value) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", label, value);
}

std::string code(const std::string& text) {
  return fmt::format("<code><bdi>{}</bdi></code>", html_text(text));
}

}  // namespace

std::string main_table(const StoredRun& run) {
  std::string rows = head({"", "value", "95 % interval", ""});
  for (const MainNumber& entry : main_numbers(run)) {
    rows += row(html_text(entry.label),
                {number(run, entry.value, entry.digits),
                 entry.interval ? interval(run, *entry.interval, entry.digits) : std::string(),
                 html_text(entry.note)});
  }
  return table("The main numbers", "numbers", rows);
}

std::string extremes_tables(const std::vector<Extremes>& extremes, const Digits& digits) {
  std::string text;
  for (const Extremes& list : extremes) {
    if (list.sentences.empty()) continue;
    std::string rows = fmt::format("<caption>{}</caption>", list.title) +
                       head({"value", "tokens", "off the line", "sentence"});
    for (const ExtremeSentence& sentence : list.sentences) {
      std::string words = fmt::format("<bdi>{}</bdi>", html_text(sentence.text));
      if (sentence.times > 1) words += fmt::format(" <small>×{}</small>", sentence.times);
      const std::string sign = sentence.residual > 0 ? "+" : "";
      rows += row(digits(sentence.value),
                  {Digits::count()(sentence.tokens), sign + digits(sentence.residual), words});
    }
    text += table(list.title, "sentences", rows);
  }
  return text;
}

std::string dimensions_table(const StoredRun& run) {
  if (run.member("dimensions").is_null()) return {};
  const Pointer root("/dimensions");
  const auto relation = [&](std::string_view label, const Pointer& place) {
    return row(label, {number(run, place / "r_squared", Kind::ratio),
                       number(run, place / "spearman", Kind::ratio)});
  };
  std::string rows = head({"norm of", "R² with the length", "Spearman's ρ"});
  rows += relation("the whole vector", root / "whole");
  rows += relation("the vector less the mean vector", root / "centred");
  const Json& without = at(run, root / "without");
  for (std::size_t i = 0; i < without.size(); ++i) {
    const Pointer place = root / "without" / i;
    rows +=
        relation(fmt::format("without the first {}", number(run, place / "left_out", Kind::count)),
                 place / "relation");
  }
  return table("What remains without the dimensions that carry the norm", "numbers", rows);
}

std::string norm_direction_table(const StoredRun& run) {
  const Json& probes = run.member("probes");
  constexpr std::array<std::string_view, 4> kStates{"intact", "norm_replaced", "direction_replaced",
                                                    "both_replaced"};
  std::string body;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Pointer place = Pointer("/probes") / i / "norm_direction";
    if (!at(run, place).is_object()) continue;
    std::string cells = fmt::format("<tr><th scope=\"row\">layer {}, {}</th>",
                                    probes[i].at("layer").get<std::uint64_t>(),
                                    html_text(probes[i].at("readout").get<std::string>()));
    for (const std::string_view state : kStates) {
      cells += fmt::format("<td>{}</td>",
                           estimate(run, place / std::string(state), Kind::ratio, "interval_99"));
    }
    body += cells + "</tr>\n";
  }
  if (body.empty()) return {};
  return table("Norm against direction", "numbers",
               head({"held-out R² (99 % interval)", "intact", "norm replaced", "direction replaced",
                     "both replaced"}) +
                   body);
}

std::string grid_table(const StoredRun& run) {
  const Json& grid = run.member("grid");
  if (grid.is_null()) return {};
  std::string rows = head({"statistic", "property", "sentences", "slope", "R²", "Spearman's ρ",
                           "Holm's p", "Kendall's τ", "isotonic R²", "ε² given property",
                           "ε² of property", "held-out R²", "error saved", "AUC", "partial r",
                           "held fixed", "R² shuffled", "R² random", "R² permuted"});
  std::set<std::string> rounding;
  for (const ShownStatistic& statistic : run.statistics) {
    if (statistic.rounding) rounding.insert(statistic.name);
  }
  const Json& relations = grid.at("relations");
  for (std::size_t i = 0; i < relations.size(); ++i) {
    const Pointer place = Pointer("/grid/relations") / i;
    const auto name = [&](const char* member) {
      return html_text(relations[i].at(member).get<std::string>());
    };
    const bool no_more = rounding.contains(relations[i].at("statistic").get<std::string>());
    const Json& given = at(run, place / "partial" / "given");
    rows += row(name("statistic") + (no_more ? "<small>rounding only</small>" : ""),
                {name("property"), number(run, place / "sentences", Kind::count),
                 estimate(run, place / "line" / "slope", Kind::number),
                 estimate(run, place / "line" / "r_squared", Kind::ratio),
                 estimate(run, place / "spearman", Kind::ratio),
                 number(run, place / "p_value_holm", Kind::p_value),
                 estimate(run, place / "kendall", Kind::ratio),
                 number(run, place / "monotone" / "r_squared", Kind::ratio),
                 estimate(run, place / "statistic_given_property" / "epsilon_squared", Kind::ratio),
                 estimate(run, place / "property_given_statistic" / "epsilon_squared", Kind::ratio),
                 estimate(run, place / "held_out" / "r_squared", Kind::ratio),
                 estimate(run, place / "held_out" / "error_saved", Kind::number),
                 estimate(run, place / "threshold" / "auc", Kind::ratio),
                 estimate(run, place / "partial" / "correlation", Kind::ratio),
                 given.is_null() ? "–" : html_text(held_fixed(given)),
                 number(run, place / "controls" / "shuffled_words", Kind::ratio),
                 number(run, place / "controls" / "random_weights", Kind::ratio),
                 number(run, place / "controls" / "permuted", Kind::ratio)},
                no_more ? "faint" : "");
  }
  return table("Every statistic against every property", "numbers everything", rows);
}

std::string manifest_table(const StoredRun& run) {
  const Manifest& manifest = run.manifest;
  const Pointer counts("/manifest/counts");
  std::string items = item("command", code(manifest.command));
  items += item("normscope", html_text(manifest.version));
  items += item("model", code(manifest.model.name) + " " + code(manifest.model.path));
  items += item("model, SHA-256", code(manifest.model.sha256));
  items += item("corpus", code(manifest.corpus.name) + " " + code(manifest.corpus.path));
  items += item("corpus, SHA-256", code(manifest.corpus.sha256));
  items += item("seed", code(fmt::format("{}", manifest.seed)));
  constexpr std::array<std::pair<const char*, const char*>, 12> kCounts{
      {{"read", "sentences read"},
       {"empty", "empty"},
       {"invalid", "not UTF-8"},
       {"too_few_words", "with too few words"},
       {"duplicates", "read before"},
       {"not_sampled", "not sampled"},
       {"measured", "measured"},
       {"truncated", "of them truncated"},
       {"outside_length", "of them too long to be analysed"},
       {"dropped_truncated", "of them truncated, and so not analysed"},
       {"kept", "analysed"},
       {"encoded", "went through the encoder"}}};
  for (const auto& [name, label] : kCounts) {
    items += item(label, number(run, counts / name, Kind::count));
  }
  items += item("analysed below",
                number(run, Pointer("/manifest/options/length_below"), Kind::count) + " tokens");
  items += item("truncated to",
                number(run, Pointer("/manifest/options/max_length"), Kind::count) + " tokens");
  items +=
      item("machine", html_text(fmt::format("{}, {} threads, {}, {}", manifest.cpu,
                                            manifest.threads, manifest.isa, manifest.precision)));
  const Timings& timings = manifest.timings;
  items += item("seconds", fmt::format("load {:.2f}, read {:.2f}, tokenize {:.2f}, encode {:.2f}, "
                                       "analyse {:.2f}",
                                       timings.load, timings.read, timings.tokenize, timings.encode,
                                       timings.analyse));
  return fmt::format("<dl>\n{}</dl>\n", items);
}

}  // namespace normscope
