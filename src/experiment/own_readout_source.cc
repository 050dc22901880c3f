#include "experiment/own_readout_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "model/model_files.h"
#include "model/modules.h"
#include "report/own_readout_text.h"

namespace normscope {

std::optional<OwnReadoutSource> own_readout_source(const Model& model) {
  if (!model.own_readout) return std::nullopt;
  const OwnReadout& readout = *model.own_readout;
  OwnReadoutSource source{.poolings = readout.poolings,
                          .includes_prompt = readout.includes_prompt,
                          .layers = {},
                          .normalizes = readout.normalizes,
                          .width = readout.width};
  for (const ReadoutLayer& layer : readout.layers) source.layers.push_back(name(layer));
  return source;
}

std::string own_readout_notice(const Model& model, const Plan& plan) {
  const std::vector<Module> modules = read_modules(model.folder);
  const std::optional<OwnReadoutSource> source = own_readout_source(model);
  if (!source) {
    if (modules.empty() || modules.back().name() != "Normalize") return {};
    return "what is measured are vectors before the Normalize of sentence-transformers; after it "
           "every norm is 1";
  }
  std::string text = fmt::format("the model's own embedding is {}", own_readout_words(*source));
  if (modules.empty()) {
    text += fmt::format(", as sentence-transformers has it where there is no {}", kModulesFile);
  }
  if (source->normalizes) {
    text += "; what is measured is the vector before Normalize, after which every norm is 1";
  }
  const auto is_of_other_layer = [&](const ReadoutPoint& point) {
    return point.layer != model.spec.layers;
  };
  if (std::ranges::any_of(plan.points, is_of_other_layer)) {
    text += "; only the last layer has it";
  }
  return text;
}

}  // namespace normscope
