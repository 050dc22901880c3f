#include "report/labels.h"

#include <fmt/format.h>

#include <map>

#include "normscope/measure.h"
#include "report/printable.h"

namespace normscope {
namespace {

constexpr std::size_t kLongestName = 60;

using Names = std::map<std::string, std::string>;

std::string known_or(const Names& known, const std::string& name) {
  const auto found = known.find(name);
  return found == known.end() ? printable(name, kLongestName, Medium::terminal) : found->second;
}

}  // namespace

std::string number_label(const std::string& statistic) {
  static const Names numbers{{"l2", "norm"},
                             {"l1", "L1 norm"},
                             {"linf", "largest component"},
                             {"centered_l2", "norm about the mean"}};
  return known_or(numbers, statistic);
}

std::string statistic_label(const std::string& statistic, const std::string& readout,
                            std::optional<std::uint64_t> layer) {
  static const Names readouts{
      {"cls", "[CLS]"}, {"mean", "mean"}, {"max", "max-pooled"}, {"pooler", "pooled [CLS]"}};
  std::string label =
      fmt::format("{} of the {} embedding", number_label(statistic), known_or(readouts, readout));
  if (layer) label += fmt::format(", layer {}", *layer);
  return label;
}

std::string property_label(const std::string& name) {
  static const Names labels{{"tokens", "length in tokens"},
                            {"words", "length in words"},
                            {"characters", "length in characters"},
                            {"tokens_per_word", "tokens per word"},
                            {"mean_word_rank", "mean word rank"},
                            {"rarest_word_rank", "rank of the rarest word"},
                            {"punctuation_share", "share of punctuation"},
                            {"capital_share", "share of capitals"},
                            {"position", "position in the source"}};
  if (name.starts_with(kCorpusColumn)) {
    return "column " + printable(name.substr(kCorpusColumn.size()), kLongestName, Medium::terminal);
  }
  return known_or(labels, name);
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

}  // namespace normscope
