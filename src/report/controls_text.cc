#include "report/controls_text.h"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "report/thousands.h"

namespace normscope {
namespace {

using Json = nlohmann::json;

constexpr std::array kControls{std::pair{"shuffled_words", "with their words shuffled"},
                               std::pair{"random_weights", "with random weights"},
                               std::pair{"permuted", "with the lengths permuted"}};

std::string percent(const Json& share) {
  return fmt::format("{:.1f} %", 100 * share.get<double>());
}

}  // namespace

std::string controls_text(const StoredRun& run) {
  const Json* relation = run.relation(run.statistics.front().name, run.properties.front().name);
  if (relation == nullptr || relation->value("controls", Json()).is_null()) return {};
  const Json& controls = relation->at("controls");
  std::vector<std::string> found;
  for (const auto& [name, words] : kControls) {
    const Json share = controls.value(name, Json());
    if (!share.is_null()) found.push_back(fmt::format("{} {}", percent(share), words));
  }
  if (found.empty()) return {};
  return fmt::format(
      "Controls: on the {} sentences that were measured again, R² of the line (not adjusted for "
      "chance) is {} as they are, {}.",
      thousands(controls.at("sentences").get<std::uint64_t>()), percent(controls.at("real")),
      fmt::join(found, ", "));
}

}  // namespace normscope
