#include "report/grid_csv.h"

#include <array>
#include <string_view>
#include <utility>

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kLineEnd = "\r\n";

/// Columns that are a number of the relation, and where it is.
constexpr std::array kNumbers{std::pair{"sentences", "/sentences"},
                              std::pair{"slope", "/line/slope/value"},
                              std::pair{"slope_low", "/line/slope/interval_95/0"},
                              std::pair{"slope_high", "/line/slope/interval_95/1"},
                              std::pair{"r_squared", "/line/r_squared/value"},
                              std::pair{"r_squared_low", "/line/r_squared/interval_95/0"},
                              std::pair{"r_squared_high", "/line/r_squared/interval_95/1"},
                              std::pair{"spearman", "/spearman/value"},
                              std::pair{"spearman_low", "/spearman/interval_95/0"},
                              std::pair{"spearman_high", "/spearman/interval_95/1"},
                              std::pair{"spearman_p", "/spearman/p_value"},
                              std::pair{"spearman_p_holm", "/p_value_holm"},
                              std::pair{"kendall", "/kendall/value"},
                              std::pair{"isotonic_r_squared", "/monotone/r_squared"},
                              std::pair{"epsilon_squared_statistic_given_property",
                                        "/statistic_given_property/epsilon_squared/value"},
                              std::pair{"epsilon_squared_property_given_statistic",
                                        "/property_given_statistic/epsilon_squared/value"},
                              std::pair{"held_out_r_squared", "/held_out/r_squared/value"},
                              std::pair{"held_out_error", "/held_out/absolute_error/value"},
                              std::pair{"constant_error", "/held_out/constant_error"},
                              std::pair{"auc", "/threshold/auc/value"},
                              std::pair{"partial", "/partial/correlation/value"},
                              std::pair{"partial_low", "/partial/correlation/interval_95/0"},
                              std::pair{"partial_high", "/partial/correlation/interval_95/1"},
                              std::pair{"partial_p", "/partial/p_value"},
                              std::pair{"control_sentences", "/controls/sentences"},
                              std::pair{"control_real", "/controls/real"},
                              std::pair{"control_shuffled_words", "/controls/shuffled_words"},
                              std::pair{"control_random_weights", "/controls/random_weights"},
                              std::pair{"control_permuted", "/controls/permuted"}};

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + '"';
}

/// Names of what is held fixed, with semicolons between.
std::string given(const Json& relation) {
  const Json::json_pointer place("/partial/given");
  std::string names;
  if (!relation.contains(place)) return names;
  for (const std::string name : relation.at(place)) names += (names.empty() ? "" : ";") + name;
  return names;
}

}  // namespace

std::string grid_csv(const StoredRun& run) {
  std::string text = "statistic,layer,readout,kind,property";
  for (const auto& [name, place] : kNumbers) text.append(",").append(name);
  text.append(",held_fixed,coefficient_of_variation,rounding").append(kLineEnd);
  for (const ShownProperty& property : run.properties) {
    for (const ShownStatistic& statistic : run.statistics) {
      const Json* relation = run.relation(statistic.name, property.name);
      if (relation == nullptr) continue;
      text += csv_field(statistic.name) + "," + std::to_string(statistic.layer) + "," +
              csv_field(statistic.readout) + "," + csv_field(statistic.statistic) + "," +
              csv_field(property.name);
      for (const auto& [name, place] : kNumbers) {
        const Json::json_pointer pointer(place);
        text += ",";
        if (relation->contains(pointer) && relation->at(pointer).is_number()) {
          text += relation->at(pointer).dump();
        }
      }
      text += "," + csv_field(given(*relation)) + ",";
      if (statistic.coefficient_of_variation)
        text += Json(*statistic.coefficient_of_variation).dump();
      text.append(statistic.rounding ? ",true" : ",false").append(kLineEnd);
    }
  }
  return text;
}

}  // namespace normscope
