#include "experiment/prompt.h"

#include <fmt/format.h>

#include <limits>

#include "model/model_files.h"
#include "model/prompts.h"
#include "normscope/error.h"
#include "normscope/text.h"

namespace normscope {
namespace {

// The prompt of a name.
Prompt named(const std::string& name, const std::string& text, std::string_view why) {
  if (text.empty()) {
    return {.source = {},
            .notice = fmt::format("the model reads nothing before each sentence: {} {} is empty",
                                  why, to_json_string(name))};
  }
  return {.source = PromptSource{.text = text, .name = name},
          .notice = fmt::format("the model reads {} before each sentence: {} {} in {}",
                                to_json_string(text), why, to_json_string(name), kPromptsFile)};
}

Prompt given(const std::string& text, const PromptsFile& file) {
  Prompt prompt;
  if (text.empty()) return prompt;
  prompt.source = PromptSource{.text = text, .name = {}};
  prompt.notice = fmt::format("the model reads {} before each sentence", to_json_string(text));
  std::string names;
  for (const auto& [name, unused] : file.prompts) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", to_json_string(name));
  }
  if (!names.empty()) {
    prompt.notice += fmt::format("; it is none of the names in {}: {}", kPromptsFile, names);
  }
  return prompt;
}

Prompt by_default(const PromptsFile& file, const Model& model) {
  const std::string& name = *file.default_name;
  const std::optional<std::string> text = file.find(name);
  if (model.own_readout) {
    if (text) return named(name, *text, "the default prompt");
    throw Error(model.folder / kPromptsFile, "default_prompt_name",
                fmt::format("{} is no name of a prompt", name));
  }
  if (!text || text->empty()) return {};
  return {.source = {},
          .notice = fmt::format(
              "sentence-transformers would put the prompt {} of {} before each sentence; here "
              "nothing is",
              to_json_string(name), kPromptsFile)};
}

}  // namespace

Prompt choose_prompt(const ExperimentOptions& options, const Model& model) {
  if (options.prompt && !is_utf8(*options.prompt)) throw Error("prompt", "is not valid UTF-8");
  const PromptsFile file = read_prompts(model.folder);
  if (options.prompt) {
    const std::optional<std::string> text = file.find(*options.prompt);
    return text ? named(*options.prompt, *text, "prompt") : given(*options.prompt, file);
  }
  return file.default_name ? by_default(file, model) : Prompt{};
}

void count_prompt(Prompt& prompt, const Tokenizer& tokenizer, std::size_t max_length,
                  const Model& model) {
  if (!prompt.source) return;
  prompt.source->tokens =
      tokenizer.encode(prompt.source->text, std::numeric_limits<std::size_t>::max()).tokens;
  if (prompt.source->tokens + tokenizer.special_tokens() < max_length) return;
  throw Error(model.folder, "prompt",
              fmt::format("has {} tokens, which leave no room for a sentence among {}",
                          prompt.source->tokens, max_length));
}

}  // namespace normscope
