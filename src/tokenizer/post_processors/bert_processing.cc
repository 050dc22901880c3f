#include "tokenizer/post_processors/bert_processing.h"

#include <string>
#include <vector>

namespace normscope::tokenizer {

PostProcessor read_bert_processing(const JsonNode& node, std::size_t vocabulary_size) {
  const auto id = [&](const std::string& key) {
    const std::vector<JsonNode> pair = node.at(key).items();
    if (pair.size() != 2) node.at(key).fail("is not a token and its id");
    return read_id_below(pair[1], vocabulary_size);
  };
  return {.before = {id("cls")}, .after = {id("sep")}};
}

}  // namespace normscope::tokenizer
