#include "report/own_readout_text.h"

#include <fmt/format.h>

#include <string_view>

#include "report/labels.h"

namespace normscope {
namespace {

std::string_view words(Pooling pooling) {
  switch (pooling) {
    case Pooling::cls:
      return "the first token's vector";
    case Pooling::max:
      return "the largest number of each dimension over the tokens";
    case Pooling::mean:
      return "the mean of the tokens' vectors";
    case Pooling::mean_sqrt_len_tokens:
      return "the sum of the tokens' vectors over the root of their number";
    case Pooling::weightedmean:
      return "the mean of the tokens' vectors, each weighted by its place";
    case Pooling::lasttoken:
      return "the last token's vector";
  }
  return "";
}

}  // namespace

std::string own_readout_words(const OwnReadoutSource& readout) {
  std::string text;
  for (const Pooling pooling : readout.poolings) {
    text += fmt::format("{}{}", text.empty() ? "" : " beside ", words(pooling));
  }
  for (const std::string& layer : readout.layers) text += fmt::format(", then {}", layer);
  if (!readout.includes_prompt) text += ", a prompt's tokens left out";
  return text;
}

std::string own_readout_text(const Manifest& manifest) {
  const StatisticColumn& first = manifest.statistics.front();
  const auto& readout = manifest.model.own_readout;
  if (first.point.readout != Readout::model || !readout) return {};
  std::string text = fmt::format(" The model's own embedding is {}.", own_readout_words(*readout));
  if (readout->normalizes) {
    text += fmt::format(" The {} is that of the vector before Normalize; after it every norm is 1.",
                        number_label(first.statistic));
  }
  return text;
}

}  // namespace normscope
