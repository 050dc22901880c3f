#include "tokenizer/tokenizer_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "tokenizer/json_node.h"
#include "tokenizer/stated_length.h"

namespace normscope::tokenizer {

TokenizerParts read_tokenizer_json(const std::filesystem::path& file, ReferenceParser parser) {
  const nlohmann::json json = read_reference_json(file, parser);
  const JsonNode root(file, json);
  // The model is read first: if it is refused, its kind tells the user more than that of another
  // part.
  Model model = read_model(root.at("model"));
  Normalizer normalizer = read_normalizer(root.at("normalizer"));
  PreTokenizer pre_tokenizer = read_pre_tokenizer(root.at("pre_tokenizer"));
  const Vocabulary& vocabulary = vocabulary_of(model);
  std::vector<AddedToken> added = read_added_tokens(root.at("added_tokens"));
  PostProcessor post_processor =
      read_post_processor(root.at("post_processor"),
                          vocabulary_size_with(vocabulary, number_added_tokens(added, vocabulary)));
  std::vector<StatedLength> lengths;
  if (const JsonNode truncation = root.at("truncation"); truncation.is_object()) {
    add_length(truncation.at("max_length"), "truncation in tokenizer.json", lengths);
  }
  return {.added_tokens = std::move(added),
          .normalizer = std::move(normalizer),
          .pre_tokenizer = std::move(pre_tokenizer),
          .model = std::move(model),
          .post_processor = std::move(post_processor),
          .split_special_tokens = false,
          .decisions = {},
          .stated_lengths = std::move(lengths)};
}

}  // namespace normscope::tokenizer
