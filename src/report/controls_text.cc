#include "report/controls_text.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "report/thousands.h"

namespace normscope {
namespace {

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

}  // namespace

std::string controls_text(const Study& study) {
  const std::optional<RelationControls>& controls = study.relations.front().controls;
  if (!controls) return {};
  std::vector<std::string> found;
  for (const auto& [name, words] : {std::pair{"shuffled_words", "with their words shuffled"},
                                    std::pair{"random_weights", "with random weights"}}) {
    const auto control = controls->measured.find(name);
    if (control == controls->measured.end()) continue;
    found.push_back(fmt::format("{} {}", percent(control->second.r_squared), words));
  }
  found.push_back(percent(controls->permuted) + " with the lengths permuted");
  return fmt::format(
      "Controls: on the {} sentences that were measured again, R² of the line (not adjusted for "
      "chance) is {} as they are, {}.",
      thousands(controls->sentences), percent(controls->real), fmt::join(found, ", "));
}

}  // namespace normscope
