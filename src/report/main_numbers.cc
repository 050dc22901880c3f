#include "report/main_numbers.h"

#include <fmt/format.h>

#include <string_view>

#include "report/labels.h"

namespace normscope {
namespace {

using Json = nlohmann::json;
using Pointer = Json::json_pointer;
using Kind = NumberKind;

class List {
 public:
  explicit List(const StoredRun& run) : run_(run) {}

  void number(const std::string& label, const Pointer& place, std::string_view note, Kind kind) {
    number(label, place, note, digits_at(run_, place, kind));
  }

  void number(const std::string& label, const Pointer& place, std::string_view note,
              const Digits& digits) {
    if (!at(run_, place).is_number()) return;
    numbers.push_back({.label = label,
                       .digits = digits,
                       .value = place,
                       .interval = {},
                       .note = std::string(note)});
  }

  /// An object with `value` (or what `member` says) and perhaps interval_95.
  void estimate(const std::string& label, const Pointer& place, std::string_view note, Kind kind,
                const std::string& member = "value") {
    if (!at(run_, place / member).is_number()) return;
    const Pointer interval = place / "interval_95";
    number(label, place / member, note, digits_at(run_, place / member, kind, interval));
    if (at(run_, interval).is_array()) numbers.back().interval = interval;
  }

  std::vector<MainNumber> numbers;

 private:
  const StoredRun& run_;
};

void add_relation(List& list, const StoredRun& run, const Pointer& relation) {
  list.estimate("R², bootstrap", relation / "bootstrap_r_squared",
                "the same R² with the bootstrap's interval", Kind::ratio);
  list.estimate("Spearman's ρ", relation / "spearman", "rank correlation", Kind::ratio);
  list.estimate("Kendall's τ", relation / "kendall", "rank correlation, ties counted", Kind::ratio);
  list.number("isotonic R²", relation / "monotone" / "r_squared",
              "what the best rising or falling function explains", Kind::ratio);
  list.estimate("held-out R²", relation / "held_out" / "r_squared",
                "the property read off the statistic of sentences not learned from", Kind::ratio);
  list.estimate("held-out error", relation / "held_out" / "absolute_error",
                "mean absolute error of that reading", Kind::number);
  list.number("constant error", relation / "held_out" / "constant_error",
              "the same of the constant guess",
              digits_at(run, relation / "held_out" / "absolute_error" / "value", Kind::number,
                        relation / "held_out" / "absolute_error" / "interval_95"));
  list.estimate("AUC", relation / "threshold" / "auc", "telling short sentences from the others",
                Kind::ratio);
  list.estimate("partial correlation", relation / "partial" / "correlation",
                "with " + held_fixed(at(run, relation / "partial" / "given")) + " held fixed",
                Kind::ratio);
  const Pointer controls = relation / "controls";
  list.number("R², control sample", controls / "real", "the line on the sample of the controls",
              Kind::ratio);
  list.number("R², words shuffled", controls / "shuffled_words", "the same, words in random order",
              Kind::ratio);
  list.number("R², random weights", controls / "random_weights", "the same, an untrained model",
              Kind::ratio);
  list.number("R², permuted", controls / "permuted", "the same, lengths dealt out at random",
              Kind::ratio);
}

}  // namespace

const Json& at(const StoredRun& run, const Pointer& place) {
  static const Json null;
  return run.results.contains(place) ? run.results.at(place) : null;
}

std::optional<Pointer> primary_relation(const StoredRun& run) {
  const Json& grid = run.member("grid");
  if (grid.is_null()) return std::nullopt;
  const Json& relations = grid.at("relations");
  for (std::size_t i = 0; i < relations.size(); ++i) {
    if (relations[i].at("statistic") == run.statistics.front().name &&
        relations[i].at("property") == run.properties.front().name) {
      return Pointer("/grid/relations") / i;
    }
  }
  return std::nullopt;
}

std::vector<MainNumber> main_numbers(const StoredRun& run) {
  List list(run);
  const Pointer root;
  list.number("sentences", root / "sentences", "analysed", Kind::count);
  const Pointer line("/regression");
  list.estimate("slope", line / "slope", "of the line, a token", Kind::number);
  list.estimate("intercept", line / "intercept", "of the line, at length 0", Kind::number);
  list.estimate("R²", line / "r_squared", "what the line explains", Kind::ratio);
  const std::string number = number_label(run.statistics.front().statistic);
  const Pointer shares("/verdict/shares");
  list.estimate("share of the line", shares / "line", "of either's variance: adjusted R²",
                Kind::share);
  list.estimate(fmt::format("share of the best function of the {}", number),
                shares / "length_given_norm", "of the length's variance", Kind::share);
  list.estimate("share of the best function of the length", shares / "norm_given_length",
                fmt::format("of the variance of the {}", number), Kind::share);
  list.estimate(fmt::format("ε², {} given length", number),
                Pointer("/norm_given_length/epsilon_squared"),
                "correlation ratio, less what chance explains", Kind::ratio);
  list.estimate(fmt::format("ε², length given {}", number),
                Pointer("/length_given_norm/epsilon_squared"), "the other way round", Kind::ratio);
  const Json& deviation = at(run, Pointer("/norms/standard_deviation"));
  const Digits of_mean = digits_of_mean(deviation.is_number() ? deviation.get<double>() : 0);
  list.number("mean", Pointer("/norms/mean"), "of the " + number, of_mean);
  list.number("standard deviation", Pointer("/norms/standard_deviation"), "of the " + number,
              of_mean);
  list.number("coefficient of variation", Pointer("/norms/coefficient_of_variation"),
              run.statistics.front().rounding ? "no more than rounding"
                                              : "the standard deviation in parts of the mean",
              Digits::small_percent());
  const Json& low = at(run, Pointer("/band/low"));
  const Json& high = at(run, Pointer("/band/high"));
  const Digits of_band = low.is_number() && high.is_number()
                             ? Digits::of(Interval{.low = low, .high = high})
                             : Digits::of_spread(0);
  list.number("band, low", Pointer("/band/low"), "shortest interval that holds most sentences",
              of_band);
  list.number("band, high", Pointer("/band/high"), "its upper end", of_band);
  list.number("band, share", Pointer("/band/share"), "of the sentences in it", Kind::share);
  list.estimate("short sentences", Pointer("/claims/base_rate"), "of all (the base rate)",
                Kind::share, "probability");
  const Json& sides = run.results.at("claims").at("sides");
  for (std::size_t i = 0; i < sides.size(); ++i) {
    list.estimate(fmt::format("short, {} the band", sides[i].at("side").get<std::string>()),
                  Pointer("/claims/sides") / i / "short_given_side", "of the sentences there",
                  Kind::share, "probability");
  }
  if (const auto relation = primary_relation(run)) add_relation(list, run, *relation);
  return list.numbers;
}

Digits digits_at(const StoredRun& run, const Pointer& place, Kind kind,
                 const std::optional<Pointer>& interval) {
  const Json& value = at(run, place);
  Estimate found{
      .value = value.is_number() ? value.get<double>() : 0, .standard_error = {}, .interval = {}};
  if (interval) {
    const Json& ends = at(run, *interval);
    if (ends.is_array()) found.interval = Interval{.low = ends[0], .high = ends[1]};
  }
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

std::string held_fixed(const Json& given) {
  std::string text;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (i > 0) text += i + 1 == given.size() ? " and " : ", ";
    text += property_label(given[i].get<std::string>());
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace normscope
