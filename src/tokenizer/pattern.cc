#include "tokenizer/pattern.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

const Pattern::Runs Pattern::kKnown[] = {
    {.regex = " {2,}", .spaces_alone = true, .least = 2},
    {.regex = " +", .spaces_alone = true},
    {.regex = R"(\s+)"},
    {.regex = R"(\s{2,})", .least = 2},
    {.regex = R"(\s{2,}|[\n\r\t])", .least = 2, .singles = "\n\r\t"},
};

Pattern Pattern::read(const JsonNode& node) {
  if (const JsonNode regex = node.at("Regex"); !regex.is_null()) {
    std::vector<std::string_view> supported;
    for (const Runs& known : kKnown) {
      if (known.regex == regex.string()) return Pattern(known);
      supported.push_back(known.regex);
    }
    regex.fail(fmt::format("the regular expression {} is not supported, only {}", regex.string(),
                           fmt::join(supported, ", ")));
  }
  const JsonNode string = node.at("String");
  if (string.string().empty()) string.fail("is an empty string");
  return Pattern(string.string());
}

Pattern Pattern::known_regex(std::string_view regex) {
  for (const Runs& known : kKnown) {
    if (known.regex == regex) return Pattern(known);
  }
  throw std::invalid_argument(fmt::format("the regular expression {} is not supported", regex));
}

Pattern::Match Pattern::find(std::string_view text, std::size_t from) const {
  if (const auto* string = std::get_if<std::string>(&of_)) {
    const std::size_t at = std::min(text.find(*string, from), text.size());
    return {.begin = at, .end = std::min(at + string->size(), text.size())};
  }
  const Runs& runs = std::get<Runs>(of_);
  for (std::size_t i = from; i < text.size();) {
    const std::size_t begin = i;
    std::size_t count = 0;
    std::size_t end = i;
    while (i < text.size()) {
      const char32_t c = unicode::next(text, i);
      if (runs.spaces_alone ? c != U' ' : !unicode::has(c, unicode::kSpace)) break;
      end = i;
      ++count;
    }
    if (count >= runs.least) return {.begin = begin, .end = end};
    if (count > 0 && runs.singles.find(text[begin]) != std::string_view::npos) {
      return {.begin = begin, .end = end};
    }
  }
  return {.begin = text.size(), .end = text.size()};
}

std::size_t Pattern::shortest() const {
  if (const auto* string = std::get_if<std::string>(&of_)) return string->size();
  const Runs& runs = std::get<Runs>(of_);
  return runs.singles.empty() ? runs.least : 1;
}

}  // namespace normscope::tokenizer
