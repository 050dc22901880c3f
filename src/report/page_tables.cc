#include "report/page_tables.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "report/html.h"
#include "report/main_numbers.h"
#include "report/own_readout_text.h"
#include "report/prompt_words.h"
#include "report/run_numbers.h"
#include "results/results.h"

namespace normscope {
namespace {

using Kind = NumberKind;

/// Numbers of the results as elements of the page.
class Numbers {
 public:
  /// Of one of the grid's relations, or of anything else.
  explicit Numbers(const Results& results, std::optional<std::size_t> relation = {})
      : results_(results), relation_(relation) {}

  [[nodiscard]] std::string number(NumberIn number, const Digits& digits) const {
    return fmt::format(R"(<data data-at="{}" value="{}">{}</data>)", html_text(place(number)),
                       number.text(), digits(number.value()));
  }
  [[nodiscard]] std::string number(NumberIn in, Kind kind) const {
    return number(in, digits_of(in.value(), {}, kind));
  }
  /// A dash if there is none.
  [[nodiscard]] std::string or_none(const std::optional<double>& found, Kind kind) const {
    return found ? number(*found, kind) : kNone;
  }
  [[nodiscard]] std::string interval(const Interval& interval, const Digits& digits) const {
    return fmt::format("{} to {}", number(interval.low, digits), number(interval.high, digits));
  }
  /// A number with its interval below it.
  [[nodiscard]] std::string estimate(const Estimate& found, Kind kind) const {
    const Digits digits = digits_of(found.value, found.interval, kind);
    std::string text = number(found.value, digits);
    if (found.interval) text += fmt::format("<small>{}</small>", interval(*found.interval, digits));
    return text;
  }
  [[nodiscard]] std::string estimate(const std::optional<Estimate>& found, Kind kind) const {
    return found ? estimate(*found, kind) : kNone;
  }
  [[nodiscard]] std::string correlation(const std::optional<RankCorrelation>& found) const {
    return found ? estimate(found->estimate, Kind::ratio) : kNone;
  }
  [[nodiscard]] std::string epsilon(const std::optional<CorrelationRatio>& found) const {
    return found ? estimate(found->epsilon_squared, Kind::ratio) : kNone;
  }

  static constexpr const char* kNone = "–";

 private:
  [[nodiscard]] std::string place(const NumberIn& number) const {
    return relation_ ? place_in_relation(results_, *relation_, number.address())
                     : place_in_results(results_, number.address());
  }

  const Results& results_;
  std::optional<std::size_t> relation_;
};

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

/// Can be scrolled with the keyboard if it is wider than the page.
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

std::string main_table(const Results& results) {
  const Numbers numbers(results);
  std::string rows = head({"", "value", "95 % interval", ""});
  for (const MainNumber& entry : main_numbers(results)) {
    rows += row(html_text(entry.label),
                {numbers.number(entry.number, entry.digits),
                 entry.interval != nullptr ? numbers.interval(*entry.interval, entry.digits) : "",
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

std::string dimensions_table(const Results& results) {
  const std::optional<Dimensions>& dimensions = results.study.dimensions;
  if (!dimensions) return {};
  const Numbers numbers(results);
  const auto relation = [&](std::string_view label, const std::optional<NormRelation>& found) {
    if (!found) return row(label, {Numbers::kNone, Numbers::kNone});
    return row(label, {numbers.number(found->r_squared, Kind::ratio),
                       numbers.number(found->spearman, Kind::ratio)});
  };
  std::string rows = head({"norm of", "R² with the length", "Spearman's ρ"});
  rows += relation("the whole vector", dimensions->whole);
  rows += relation("the vector less the mean vector", dimensions->centred);
  for (const Dimensions::Without& without : dimensions->without) {
    rows +=
        relation(fmt::format("without the first {}", numbers.number(without.left_out, Kind::count)),
                 without.relation);
  }
  return table("What remains without the dimensions that carry the norm", "numbers", rows);
}

std::string norm_direction_table(const Results& results) {
  const Numbers numbers(results);
  std::string body;
  for (const PointProbes& probes : results.study.probes) {
    if (!probes.norm_direction) continue;
    const NormDirection& found = *probes.norm_direction;
    std::string cells = fmt::format("<tr><th scope=\"row\">layer {}, {}</th>", probes.point.layer,
                                    name(probes.point.readout));
    for (const Estimate* mean :
         {&found.intact, &found.norm_replaced, &found.direction_replaced, &found.both_replaced}) {
      cells += fmt::format("<td>{}</td>", numbers.estimate(*mean, Kind::ratio));
    }
    body += cells + "</tr>\n";
  }
  if (body.empty()) return {};
  return table("Norm against direction", "numbers",
               head({"held-out R² (99 % interval)", "intact", "norm replaced", "direction replaced",
                     "both replaced"}) +
                   body);
}

namespace {

std::string grid_row(const Results& results, std::size_t place) {
  const GridRelation& found = results.study.relations[place];
  const Relation& relation = found.relation;
  const Numbers numbers(results, place);
  const std::string none = Numbers::kNone;
  const auto measured = [&](const std::string& name) -> std::string {
    if (!found.controls || !found.controls->measured.contains(name)) return Numbers::kNone;
    return numbers.number(found.controls->measured.at(name).r_squared, Kind::ratio);
  };
  const bool rounding = is_rounding(results.study, place);
  return row(
      html_text(name(found.statistic)) + (rounding ? "<small>rounding only</small>" : ""),
      {html_text(found.property), numbers.number(relation.sentences, Kind::count),
       relation.line ? numbers.estimate(relation.line->slope, Kind::number) : none,
       relation.line ? numbers.estimate(relation.line->r_squared, Kind::ratio) : none,
       numbers.correlation(relation.spearman), numbers.or_none(found.p_value_holm, Kind::p_value),
       numbers.correlation(relation.kendall),
       relation.monotone ? numbers.number(relation.monotone->r_squared, Kind::ratio) : none,
       numbers.epsilon(relation.statistic_given_property),
       numbers.epsilon(relation.property_given_statistic),
       relation.held_out ? numbers.estimate(relation.held_out->r_squared, Kind::ratio) : none,
       relation.held_out ? numbers.estimate(relation.held_out->error_saved, Kind::number) : none,
       relation.threshold ? numbers.estimate(relation.threshold->auc, Kind::ratio) : none,
       found.partial ? numbers.estimate(found.partial->relation.correlation, Kind::ratio) : none,
       found.partial ? html_text(held_fixed(found.partial->given)) : none,
       measured("shuffled_words"), measured("random_weights"),
       found.controls ? numbers.number(found.controls->permuted, Kind::ratio) : none},
      rounding ? "faint" : "");
}

}  // namespace

std::string grid_table(const Results& results) {
  std::string rows = head({"statistic", "property", "sentences", "slope", "R²", "Spearman's ρ",
                           "Holm's p", "Kendall's τ", "isotonic R²", "ε² given property",
                           "ε² of property", "held-out R²", "error saved", "AUC", "partial r",
                           "held fixed", "R² shuffled", "R² random", "R² permuted"});
  for (std::size_t i = 0; i < results.study.relations.size(); ++i) rows += grid_row(results, i);
  return table("Every statistic against every property", "numbers everything", rows);
}

std::string manifest_table(const Results& results) {
  const Manifest& manifest = results.manifest;
  const Counts& counts = manifest.counts;
  const Numbers numbers(results);
  std::string items = item("command", code(manifest.command));
  items += item("normscope", html_text(manifest.version));
  items += item("model", code(manifest.model.name) + " " + code(manifest.model.path));
  items += item("model, SHA-256", code(manifest.model.sha256));
  if (const auto& own = manifest.model.own_readout) {
    items += item("the model's own embedding", html_text(own_readout_words(*own)));
  }
  if (manifest.prompt) items += item("prompt", html_text(prompt_words(*manifest.prompt)));
  items += item("corpus", code(manifest.corpus.name) + " " + code(manifest.corpus.path));
  items += item("corpus, SHA-256", code(manifest.corpus.sha256));
  items += item("seed", code(fmt::format("{}", manifest.seed)));
  const std::array<std::pair<const std::uint64_t*, const char*>, 12> labels{
      {{&counts.read, "sentences read"},
       {&counts.empty, "empty"},
       {&counts.invalid, "not UTF-8"},
       {&counts.too_few_words, "with too few words"},
       {&counts.duplicates, "read before"},
       {&counts.not_sampled, "not sampled"},
       {&counts.measured, "measured"},
       {&counts.truncated, "of them truncated"},
       {&counts.outside_length, "of them too long to be analysed"},
       {&counts.dropped_truncated, "of them truncated, and so not analysed"},
       {&counts.kept, "analysed"},
       {&counts.encoded, "went through the encoder"}}};
  for (const auto& [count, label] : labels)
    items += item(label, numbers.number(*count, Kind::count));
  items += item("analysed below", numbers.number(manifest.length_below, Kind::count) + " tokens");
  items += item("truncated to", numbers.number(manifest.max_length, Kind::count) + " tokens");
  items += item("machine",
                html_text(fmt::format("{}, {} threads, {}, {}", manifest.cpu, manifest.threads,
                                      manifest.isa, name(manifest.precision))));
  const Timings& timings = manifest.timings;
  items += item("seconds", fmt::format("load {:.2f}, read {:.2f}, tokenize {:.2f}, encode {:.2f}, "
                                       "analyse {:.2f}",
                                       timings.load, timings.read, timings.tokenize, timings.encode,
                                       timings.analyse));
  return fmt::format("<dl>\n{}</dl>\n", items);
}

}  // namespace normscope
