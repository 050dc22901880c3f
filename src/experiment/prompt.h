#pragma once

#include <optional>
#include <string>

#include "normscope/experiment.h"
#include "normscope/model.h"
#include "normscope/results.h"
#include "normscope/tokenizer.h"

namespace normscope {

/// What the model reads before each sentence.
struct Prompt {
  /// Absent if it reads nothing. Its tokens are not counted yet.
  std::optional<PromptSource> source;
  /// A line for the user; empty if there is nothing to say.
  std::string notice;
};

/// The prompt that the options name or give, or that encode() of sentence-transformers would take.
/// Throws Error.
Prompt choose_prompt(const ExperimentOptions& options, const Model& model);

/// Counts its tokens. Throws Error if it leaves no room for a sentence within `max_length`.
void count_prompt(Prompt& prompt, const Tokenizer& tokenizer, std::size_t max_length,
                  const Model& model);

}  // namespace normscope
