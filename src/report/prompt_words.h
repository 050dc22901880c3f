#pragma once

#include <fmt/format.h>

#include <string>

#include "normscope/results.h"
#include "normscope/text.h"
#include "report/printable.h"

namespace normscope {

/// A prompt between quotation marks, with its name and its length: "query: " (query, 2 tokens).
inline std::string prompt_words(const PromptSource& prompt) {
  constexpr std::size_t kLongest = 120;
  const auto shown = [](const std::string& text) {
    return printable(text, kLongest, Medium::terminal);
  };
  return fmt::format("{} ({}{}{} {})", shown(to_json_string(prompt.text)), shown(prompt.name),
                     prompt.name.empty() ? "" : ", ", prompt.tokens,
                     prompt.tokens == 1 ? "token" : "tokens");
}

}  // namespace normscope
