#include "report/labels.h"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "report/printable.h"

namespace normscope {
namespace {

constexpr std::size_t kLongestName = 60;

std::string_view vector_label(Readout readout) {
  switch (readout) {
    case Readout::cls:
      return "[CLS]";
    case Readout::mean:
      return "mean";
    case Readout::max:
      return "max-pooled";
    case Readout::pooler:
      return "pooled [CLS]";
    case Readout::model:
      return "model's own";
    case Readout::tokens:
      break;
  }
  return "tokens'";
}

}  // namespace

std::string number_label(Statistic statistic) {
  switch (statistic) {
    case Statistic::l1:
      return "L1 norm";
    case Statistic::linf:
      return "largest component";
    case Statistic::centered_l2:
      return "norm about the mean";
    case Statistic::l2:
      break;
  }
  return "norm";
}

std::string statistic_label(const StatisticColumn& column) {
  return fmt::format("{} of the {} embedding", number_label(column.statistic),
                     vector_label(column.point.readout));
}

std::string statistic_in_layer_label(const StatisticColumn& column) {
  return fmt::format("{}, layer {}", statistic_label(column), column.point.layer);
}

std::string property_label(const std::string& name) {
  static const std::map<std::string, std::string> labels{
      {"tokens", "length in tokens"},
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
  const auto found = labels.find(name);
  return found == labels.end() ? printable(name, kLongestName, Medium::terminal) : found->second;
}

std::string short_property_label(const std::string& name) {
  return name == "tokens" ? "length" : property_label(name);
}

std::string property_axis_label(const std::string& name) {
  return name == "tokens" ? "Sentence length (in tokens)" : capital(property_label(name));
}

std::string property_unit(const std::string& name) {
  return name == "tokens" || name == "words" || name == "characters" ? name : std::string();
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

}  // namespace normscope
