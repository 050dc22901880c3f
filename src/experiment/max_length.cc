#include "experiment/max_length.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "model/sentence_config.h"
#include "normscope/error.h"

namespace normscope {
namespace {

constexpr std::size_t kDefaultMaxLength = 512;

struct Choice {
  std::size_t tokens = 0;
  std::string why;
};

Choice at_most(std::size_t positions, std::size_t tokens, std::string why) {
  if (tokens < positions) return {.tokens = tokens, .why = std::move(why)};
  return {.tokens = positions, .why = "all that the model can read"};
}

// The length that sentence-transformers sets: max_seq_length, or the least of the others stated.
Choice of_sentence_transformers(const SentenceConfig& config,
                                const std::vector<StatedLength>& stated, std::size_t positions) {
  if (config.counts && config.max_length) {
    return at_most(positions, *config.max_length, "max_seq_length in " + config.file);
  }
  const auto said = std::ranges::find_if(stated, [](const StatedLength& length) {
    return length.where.starts_with("model_max_length");
  });
  return said == stated.end() ? at_most(positions, positions, {})
                              : at_most(positions, said->tokens, said->where);
}

Choice choose(const ExperimentOptions& options, const Model& model, const SentenceConfig& config,
              const std::vector<StatedLength>& stated) {
  const std::size_t positions = model.spec.max_positions;
  if (options.max_length) {
    if (*options.max_length > positions) {
      throw Error(
          model.folder,
          fmt::format("reads at most {} tokens, fewer than the {} of the wanted maximum length",
                      positions, *options.max_length));
    }
    return {.tokens = *options.max_length, .why = "as asked"};
  }
  if (model.own_readout) return of_sentence_transformers(config, stated, positions);
  return at_most(positions, kDefaultMaxLength, "the usual limit");
}

}  // namespace

MaxLength choose_max_length(const ExperimentOptions& options, const Model& model,
                            const Tokenizer& tokenizer) {
  const SentenceConfig config = read_sentence_config(model.folder);
  std::vector<StatedLength> stated = tokenizer.stated_lengths();
  const Choice choice = choose(options, model, config, stated);
  if (choice.tokens <= tokenizer.special_tokens()) {
    throw Error(model.folder,
                fmt::format("a maximum length of {} leaves no room beside the {} special tokens",
                            choice.tokens, tokenizer.special_tokens()));
  }
  if (config.max_length) {
    stated.push_back({.tokens = *config.max_length, .where = "max_seq_length in " + config.file});
  }
  std::string less;
  for (const StatedLength& length : stated) {
    if (length.tokens >= choice.tokens) continue;
    less += fmt::format("{}{} ({})", less.empty() ? "; its folder asks for less: " : ", ",
                        length.tokens, length.where);
  }
  MaxLength chosen{.tokens = choice.tokens, .notice = {}};
  if (!less.empty() || (model.own_readout && !options.max_length)) {
    chosen.notice = fmt::format(
        "the model reads the first {} tokens of a sentence, special ones included: "
        "{}{}",
        choice.tokens, choice.why, less);
  }
  return chosen;
}

}  // namespace normscope
