#include <stdexcept>
#include <string>
#include <string_view>

#include "normscope/measure.h"

namespace normscope {

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

TruncatedSentences truncated_named(std::string_view wanted) {
  for (const TruncatedSentences choice :
       {TruncatedSentences::automatic, TruncatedSentences::drop, TruncatedSentences::keep}) {
    if (name(choice) == wanted) return choice;
  }
  throw std::invalid_argument(std::string(wanted) + " is not auto, drop or keep");
}

}  // namespace normscope
