#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>

#include "normscope/measure.h"

namespace normscope {

std::string_view name(Statistic statistic) {
  switch (statistic) {
    case Statistic::l2:
      return "l2";
    case Statistic::l1:
      return "l1";
    case Statistic::linf:
      return "linf";
    case Statistic::centered_l2:
      return "centered_l2";
  }
  return "";
}

std::string name(const StatisticColumn& column) {
  return name(column.point) + "." + std::string(name(column.statistic));
}

ReadoutPoint point_named(std::string_view text) {
  constexpr std::string_view kLayer = "layer";
  const std::size_t dot = std::min(text.find('.'), text.size());
  ReadoutPoint point;
  const char* const end = text.data() + dot;
  if (text.starts_with(kLayer)) {
    std::from_chars(text.data() + kLayer.size(), end, point.layer);
    for (const Readout readout :
         {Readout::cls, Readout::mean, Readout::max, Readout::pooler, Readout::model}) {
      point.readout = readout;
      if (name(point) == text) return point;
    }
  }
  throw std::invalid_argument(std::string(text) + " is no point's name");
}

StatisticColumn column_named(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot != std::string_view::npos) {
    for (const Statistic statistic :
         {Statistic::l2, Statistic::l1, Statistic::linf, Statistic::centered_l2}) {
      if (name(statistic) == text.substr(dot + 1)) {
        return {.point = point_named(text.substr(0, dot)), .statistic = statistic};
      }
    }
  }
  throw std::invalid_argument(std::string(text) + " is no column's name");
}

std::string_view name(TruncatedSentences choice) {
  switch (choice) {
    case TruncatedSentences::automatic:
      return "auto";
    case TruncatedSentences::drop:
      return "drop";
    case TruncatedSentences::keep:
      return "keep";
  }
  return "";
}

}  // namespace normscope
