#include "report/main_numbers.h"

#include <fmt/format.h>

#include <string_view>

#include "base/json_fields.h"
#include "report/labels.h"

namespace normscope {
namespace {

using Kind = NumberKind;

class List {
 public:
  void number(std::string label, NumberIn number, std::string note, const Digits& digits) {
    numbers.push_back({.label = std::move(label),
                       .digits = digits,
                       .number = number,
                       .interval = nullptr,
                       .note = std::move(note)});
  }

  void number(std::string label, NumberIn in, std::string note, Kind kind) {
    number(std::move(label), in, std::move(note), digits_of(in.value(), {}, kind));
  }

  void estimate(std::string label, const double& value, const std::optional<Interval>& interval,
                std::string note, Kind kind) {
    number(std::move(label), value, std::move(note), digits_of(value, interval, kind));
    if (interval) numbers.back().interval = &*interval;
  }

  void estimate(std::string label, const Estimate& found, std::string note, Kind kind) {
    estimate(std::move(label), found.value, found.interval, std::move(note), kind);
  }

  void estimate(std::string label, const ExplainedShare& found, std::string note) {
    estimate(std::move(label), found.value, found.interval, std::move(note), Kind::share);
  }

  void proportion(std::string label, const Proportion& found, std::string note) {
    number(std::move(label), found.share, std::move(note), Digits::percent());
    numbers.back().interval = &found.interval;
  }

  std::vector<MainNumber> numbers;
};

void add_line(List& list, const Results& results, const std::string& number,
              const std::string& property) {
  const GridRelation& found = results.study.relations.front();
  const Relation& relation = found.relation;
  if (relation.line) {
    const std::string unit = found.property == "tokens" ? "a token" : "a unit of the property";
    list.estimate("slope", relation.line->slope, "of the line, " + unit, Kind::number);
    list.estimate("intercept", relation.line->intercept,
                  fmt::format("of the line, at {} 0", property), Kind::number);
    list.estimate("R²", relation.line->r_squared, "what the line explains", Kind::ratio);
  }
  if (const auto& shares = results.study.conclusion.shares) {
    list.estimate("share of the line", shares->line, "of either's variance: adjusted R²");
    if (shares->property_given_statistic) {
      list.estimate(fmt::format("share of the best function of the {}", number),
                    *shares->property_given_statistic,
                    fmt::format("of the {}'s variance", property));
    }
    if (shares->statistic_given_property) {
      list.estimate(fmt::format("share of the best function of the {}", property),
                    *shares->statistic_given_property,
                    fmt::format("of the variance of the {}", number));
    }
  }
  const auto epsilon = [&](const std::optional<CorrelationRatio>& ratio, const std::string& label,
                           const char* note) {
    if (ratio && ratio->epsilon_squared) {
      list.estimate(label, *ratio->epsilon_squared, note, Kind::ratio);
    }
  };
  epsilon(relation.statistic_given_property, fmt::format("ε², {} given {}", number, property),
          "correlation ratio, less what chance explains");
  epsilon(relation.property_given_statistic, fmt::format("ε², {} given {}", property, number),
          "the other way round");
}

void add_distribution(List& list, const Study& study, const std::string& number) {
  if (!study.statistic) return;
  const Digits of_mean = digits_of_mean(study.statistic->standard_deviation.value_or(0));
  list.number("mean", study.statistic->mean, "of the " + number, of_mean);
  if (study.statistic->standard_deviation) {
    list.number("standard deviation", *study.statistic->standard_deviation, "of the " + number,
                of_mean);
  }
  const Spread& spread = *study.statistics.front().spread;
  if (spread.coefficient_of_variation) {
    list.number(
        "coefficient of variation", *spread.coefficient_of_variation,
        spread.rounding ? "no more than rounding" : "the standard deviation in parts of the mean",
        Digits::small_percent());
  }
}

void add_band(List& list, const Study& study) {
  if (study.band) {
    const Digits digits = Digits::of(Interval{.low = study.band->low, .high = study.band->high});
    list.number("band, low", study.band->low, "shortest interval that holds most sentences",
                digits);
    list.number("band, high", study.band->high, "its upper end", digits);
    list.number("band, share", study.band->share, "of the sentences in it", Kind::share);
  }
  if (!study.claims) return;
  list.proportion("short sentences", study.claims->base_rate, "of all (the base rate)");
  for (const ShortnessClaim& claim : study.claims->sides) {
    if (!claim.short_given_side) continue;
    list.proportion(fmt::format("short, {} the band", claim.side), *claim.short_given_side,
                    "of the sentences there");
  }
}

void add_controls(List& list, const RelationControls& controls) {
  list.number("R², control sample", controls.real, "the line on the sample of the controls",
              Kind::ratio);
  for (const auto& [name, label, note] :
       {std::tuple{"shuffled_words", "R², words shuffled", "the same, words in random order"},
        std::tuple{"random_weights", "R², random weights", "the same, an untrained model"}}) {
    const auto control = controls.measured.find(name);
    if (control == controls.measured.end()) continue;
    list.number(label, control->second.r_squared, note, Kind::ratio);
  }
  list.number("R², permuted", controls.permuted, "the same, lengths dealt out at random",
              Kind::ratio);
}

void add_relation(List& list, const GridRelation& found) {
  const Relation& relation = found.relation;
  if (relation.bootstrap_r_squared) {
    list.estimate("R², bootstrap", *relation.bootstrap_r_squared,
                  "the same R² with the bootstrap's interval", Kind::ratio);
  }
  if (relation.spearman) {
    list.estimate("Spearman's ρ", relation.spearman->estimate, "rank correlation", Kind::ratio);
  }
  if (relation.kendall) {
    list.estimate("Kendall's τ", relation.kendall->estimate, "rank correlation, ties counted",
                  Kind::ratio);
  }
  if (relation.monotone) {
    list.number("isotonic R²", relation.monotone->r_squared,
                "what the best rising or falling function explains", Kind::ratio);
  }
  if (const auto& held_out = relation.held_out) {
    list.estimate("held-out R²", held_out->r_squared,
                  "the property read off the statistic of sentences not learned from", Kind::ratio);
    list.estimate("held-out error", held_out->absolute_error, "mean absolute error of that reading",
                  Kind::number);
    list.number(
        "constant error", held_out->constant_error, "the same of the constant guess",
        digits_of(held_out->absolute_error.value, held_out->absolute_error.interval, Kind::number));
  }
  if (relation.threshold && relation.threshold->auc) {
    list.estimate("AUC", *relation.threshold->auc, "telling short sentences from the others",
                  Kind::ratio);
  }
  if (found.partial) {
    list.estimate("partial correlation", found.partial->relation.correlation,
                  "with " + held_fixed(found.partial->given) + " held fixed", Kind::ratio);
  }
  if (found.controls) add_controls(list, *found.controls);
}

}  // namespace

std::string NumberIn::text() const { return count_ ? json_text(*count_) : json_text(value_); }

std::vector<MainNumber> main_numbers(const Results& results) {
  const GridRelation& first = results.study.relations.front();
  const std::string number = number_label(first.statistic.statistic);
  List list;
  list.number("sentences", results.study.sentences, "analysed", Kind::count);
  add_line(list, results, number, short_property_label(first.property));
  add_distribution(list, results.study, number);
  add_band(list, results.study);
  add_relation(list, first);
  return list.numbers;
}

Digits digits_of(double number, const std::optional<Interval>& interval, NumberKind kind) {
  const Estimate found{.value = number, .standard_error = {}, .interval = interval};
  switch (kind) {
    case Kind::count:
      return Digits::count();
    case Kind::share:
      return Digits::percent();
    case Kind::p_value:
      return Digits::significant(2);
    case Kind::ratio:
      return Digits::of_ratio(found);
    case Kind::number:
      break;
  }
  return Digits::of(found);
}

std::string held_fixed(const std::vector<std::string>& given) {
  std::string text;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (i > 0) text += i + 1 == given.size() ? " and " : ", ";
    text += property_label(given[i]);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace normscope
