#include "report/main_numbers.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "report/thousands.h"

namespace normscope {
namespace {

using Json = nlohmann::json;
using Pointer = Json::json_pointer;
using Kind = MainNumber::Kind;

class List {
 public:
  explicit List(const StoredRun& run) : run_(run) {}

  void number(const std::string& label, const Pointer& place, std::string_view note,
              Kind kind = Kind::number) {
    if (!at(run_, place).is_number()) return;
    numbers.push_back(
        {.label = label, .kind = kind, .value = place, .interval = {}, .note = std::string(note)});
  }

  /// An object with `value` (or what `member` says) and perhaps interval_95.
  void estimate(const std::string& label, const Pointer& place, std::string_view note,
                Kind kind = Kind::number, const std::string& member = "value") {
    if (!at(run_, place / member).is_number()) return;
    number(label, place / member, note, kind);
    if (at(run_, place / "interval_95").is_array()) {
      numbers.back().interval = place / "interval_95";
    }
  }

  std::vector<MainNumber> numbers;

 private:
  const StoredRun& run_;
};

void add_relation(List& list, const Pointer& relation) {
  list.estimate("R², bootstrap", relation / "bootstrap_r_squared",
                "the same R² with the bootstrap's interval");
  list.estimate("Spearman's ρ", relation / "spearman", "rank correlation");
  list.estimate("Kendall's τ", relation / "kendall", "rank correlation, ties counted");
  list.number("isotonic R²", relation / "monotone" / "r_squared",
              "what the best rising or falling function explains");
  list.estimate("held-out R²", relation / "held_out" / "r_squared",
                "the property read off the statistic of sentences not learned from");
  list.estimate("held-out error", relation / "held_out" / "absolute_error",
                "mean absolute error of that reading");
  list.number("constant error", relation / "held_out" / "constant_error",
              "the same of the constant guess");
  list.estimate("AUC", relation / "threshold" / "auc", "telling short sentences from the others");
  list.estimate("partial correlation", relation / "partial" / "correlation",
                "with other properties held fixed");
  const Pointer controls = relation / "controls";
  list.number("R², control sample", controls / "real", "the line on the sample of the controls");
  list.number("R², words shuffled", controls / "shuffled_words", "the same, words in random order");
  list.number("R², random weights", controls / "random_weights", "the same, an untrained model");
  list.number("R², permuted", controls / "permuted", "the same, lengths dealt out at random");
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
  list.estimate("slope", line / "slope", "of the line, a token");
  list.estimate("intercept", line / "intercept", "of the line, at length 0");
  list.estimate("R²", line / "r_squared", "what the line explains");
  list.estimate("ε², norm given length", Pointer("/norm_given_length/epsilon_squared"),
                "most that any function of the length explains");
  list.estimate("ε², length given norm", Pointer("/length_given_norm/epsilon_squared"),
                "most that any function of the norm tells");
  list.number("mean", Pointer("/norms/mean"), "of the norms");
  list.number("standard deviation", Pointer("/norms/standard_deviation"), "of the norms");
  list.number("band, low", Pointer("/band/low"), "shortest interval that holds most norms");
  list.number("band, high", Pointer("/band/high"), "its upper end");
  list.number("band, share", Pointer("/band/share"), "of the norms in it", Kind::share);
  list.estimate("short sentences", Pointer("/claims/base_rate"), "of all (the base rate)",
                Kind::share, "probability");
  const Json& sides = run.results.at("claims").at("sides");
  for (std::size_t i = 0; i < sides.size(); ++i) {
    list.estimate(fmt::format("short, {} the band", sides[i].at("side").get<std::string>()),
                  Pointer("/claims/sides") / i / "short_given_side", "of the sentences there",
                  Kind::share, "probability");
  }
  if (const auto relation = primary_relation(run)) add_relation(list, *relation);
  return list.numbers;
}

std::string shown(double number, Kind kind) {
  switch (kind) {
    case Kind::count:
      return thousands(static_cast<std::uint64_t>(number));
    case Kind::share:
      return fmt::format("{:.1f} %", 100 * number);
    case Kind::number:
      break;
  }
  return fmt::format("{:.4g}", number);
}

}  // namespace normscope
