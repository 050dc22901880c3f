#include "tokenizer/pre_tokenizers/metaspace.h"

#include <fmt/format.h>

#include <cstddef>

#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

Metaspace Metaspace::read(const JsonNode& node) {
  Metaspace metaspace{.replacement = node.at("replacement").string(),
                      .split_at_it = node.at("split").boolean_or(true)};
  const JsonNode scheme = node.at("prepend_scheme");
  const std::string name = scheme.string_or("always");
  if (name == "first") {
    metaspace.prepend = Prepend::first;
  } else if (name == "never") {
    metaspace.prepend = Prepend::never;
  } else if (name != "always") {
    scheme.fail(fmt::format("the prepend_scheme {} is not supported", name));
  }
  std::size_t end = 0;
  if (!metaspace.replacement.empty()) unicode::next(metaspace.replacement, end);
  if (end != metaspace.replacement.size() || end == 0) {
    node.at("replacement").fail("is not one character");
  }
  // Old files have this key instead of prepend_scheme.
  const JsonNode prefix = node.at("add_prefix_space");
  if (!prefix.boolean_or(true) && metaspace.prepend != Prepend::never) {
    prefix.fail("is false, but the prepend_scheme is not never");
  }
  return metaspace;
}

void Metaspace::split(std::string_view text, Pieces& pieces) const {
  const bool has_one = text.starts_with(' ') || text.starts_with(replacement);
  const bool wants_one =
      prepend == Prepend::always || (prepend == Prepend::first && pieces.source_at_start());
  if (wants_one && !has_one) pieces.put(replacement);
  while (!text.empty()) {
    std::size_t end = 1;
    if (text.front() == ' ' || text.starts_with(replacement)) {
      if (split_at_it) pieces.end();
      pieces.put(replacement);
      if (text.front() != ' ') end = replacement.size();
    } else {
      while (end < text.size() && text[end] != ' ' && text[end] != replacement.front()) ++end;
      pieces.put(text.substr(0, end));
    }
    text.remove_prefix(end);
  }
  pieces.end();
}

}  // namespace normscope::tokenizer
