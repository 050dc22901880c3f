#include "report/grid_csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

#include "base/json_fields.h"

namespace normscope {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + '"';
}

/// Writes a row, or the names of its columns.
class Row {
 public:
  explicit Row(bool names) : names_(names) {}

  void field(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += ',';
    text_ += names_ ? std::string(name) : csv_field(value);
  }
  void count(std::string_view name, const std::optional<std::uint64_t>& count) {
    field(name, count ? json_text(*count) : std::string());
  }
  void number(std::string_view name, const std::optional<double>& number) {
    field(name, number ? json_text(*number) : std::string());
  }
  void estimate(const std::string& name, const std::optional<Estimate>& found) {
    field(name, found ? json_text(found->value) : std::string());
    const bool sure = found && found->interval;
    field(name + "_low", sure ? json_text(found->interval->low) : std::string());
    field(name + "_high", sure ? json_text(found->interval->high) : std::string());
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  bool names_;
  std::string text_;
};

/// `member` of a value that may be absent.
template <class Value, class Member>
auto of(const Value& value, const Member& member) {
  using Found = std::optional<std::remove_cvref_t<decltype(member(*value))>>;
  return value ? Found(member(*value)) : Found();
}

std::optional<double> value_of(const std::optional<Estimate>& estimate) {
  return of(estimate, [](const Estimate& found) { return found.value; });
}

std::optional<double> epsilon_of(const std::optional<CorrelationRatio>& ratio) {
  return ratio ? value_of(ratio->epsilon_squared) : std::nullopt;
}

void add_controls(Row& row, const std::optional<RelationControls>& controls) {
  using Controls = RelationControls;
  row.count("control_sentences", of(controls, [](const Controls& all) { return all.sentences; }));
  row.number("control_real", of(controls, [](const Controls& all) { return all.real; }));
  for (const std::string name : {"shuffled_words", "random_weights"}) {
    const bool there = controls && controls->measured.contains(name);
    row.number("control_" + name,
               there ? std::optional(controls->measured.at(name).r_squared) : std::nullopt);
  }
  row.number("control_permuted", of(controls, [](const Controls& all) { return all.permuted; }));
}

void add(Row& row, const GridRelation& found, const std::optional<Spread>& spread) {
  const Relation& relation = found.relation;
  const ReadoutPoint& point = found.statistic.point;
  row.field("statistic", name(found.statistic));
  row.field("layer", std::to_string(point.layer));
  row.field("readout", name(point.readout));
  row.field("kind", name(found.statistic.statistic));
  row.field("property", found.property);
  row.count("sentences", relation.sentences);
  row.estimate("slope", of(relation.line, [](const Regression& line) { return line.slope; }));
  row.estimate("r_squared",
               of(relation.line, [](const Regression& line) { return line.r_squared; }));
  const auto correlation = [](const RankCorrelation& rank) { return rank.estimate; };
  row.estimate("spearman", of(relation.spearman, correlation));
  row.number("spearman_p",
             of(relation.spearman, [](const RankCorrelation& rank) { return rank.p_value; }));
  row.number("spearman_p_holm", found.p_value_holm);
  row.number("kendall", value_of(of(relation.kendall, correlation)));
  row.number("isotonic_r_squared",
             of(relation.monotone, [](const MonotoneFit& fit) { return fit.r_squared; }));
  row.number("epsilon_squared_statistic_given_property",
             epsilon_of(relation.statistic_given_property));
  row.number("epsilon_squared_property_given_statistic",
             epsilon_of(relation.property_given_statistic));
  row.number("held_out_r_squared",
             of(relation.held_out, [](const HeldOut& held) { return held.r_squared.value; }));
  row.number("held_out_error",
             of(relation.held_out, [](const HeldOut& held) { return held.absolute_error.value; }));
  row.number("constant_error",
             of(relation.held_out, [](const HeldOut& held) { return held.constant_error; }));
  row.number("auc", relation.threshold ? value_of(relation.threshold->auc) : std::nullopt);
  row.estimate("partial", of(found.partial,
                             [](const HeldFixed& fixed) { return fixed.relation.correlation; }));
  row.number("partial_p",
             of(found.partial, [](const HeldFixed& fixed) { return fixed.relation.p_value; }));
  add_controls(row, found.controls);
  row.field("held_fixed",
            found.partial ? fmt::format("{}", fmt::join(found.partial->given, ";")) : "");
  row.number("coefficient_of_variation", spread ? spread->coefficient_of_variation : std::nullopt);
  row.field("rounding", spread && spread->rounding ? "true" : "false");
}

}  // namespace

std::string grid_csv(const Study& study) {
  std::string text;
  for (std::size_t i = 0; i < study.relations.size(); ++i) {
    const StudiedStatistic& statistic = study.statistics[i % study.statistics.size()];
    for (const bool names : {true, false}) {
      if (names && i > 0) continue;
      Row row(names);
      add(row, study.relations[i], statistic.spread);
      text.append(row.text()).append(kLineEnd);
    }
  }
  return text;
}

}  // namespace normscope
