#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "normscope/experiment.h"

namespace normscope {
namespace {

// A layer's number, if the text is nothing else.
std::optional<std::size_t> layer_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

LayerRange parse_layer_range(std::string_view text) {
  if (text == "last") return kLastLayer;
  if (text == "all") return kAllLayers;
  const std::size_t dash = text.find('-');
  const auto first = layer_number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : layer_number(text.substr(dash + 1));
  if (!first || !last) {
    throw std::invalid_argument("is not last, all, a layer, or a range such as 1-3");
  }
  return {.first = first, .last = last};
}

}  // namespace normscope
