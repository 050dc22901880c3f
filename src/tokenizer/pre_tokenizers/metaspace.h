#pragma once

#include <string>
#include <string_view>

#include "tokenizer/json_node.h"
#include "tokenizer/pre_tokenizers/pieces.h"

namespace normscope::tokenizer {

/// Replaces each space with a visible character, and puts one in front; pieces begin at it.
struct Metaspace {
  static constexpr std::string_view kType = "Metaspace";
  static Metaspace read(const JsonNode& node);

  /// Which pieces get one in front, if they do not start with one: all, only the one at the text's
  /// start, or none.
  enum class Prepend { always, first, never };

  std::string replacement = "\u2581";
  Prepend prepend = Prepend::always;
  bool split_at_it = true;

  void split(std::string_view text, Pieces& pieces) const;
};

}  // namespace normscope::tokenizer
