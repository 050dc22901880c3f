#include "tokenizer/models/model.h"

#include <type_traits>

#include "tokenizer/read_part.h"

namespace normscope::tokenizer {

Model read_model(const JsonNode& node) {
  if (!node.is_object()) node.fail("is not an object");
  // Old files omit the type.
  if (node.at("type").is_null()) return WordPiece::read(node);
  return read_part(node, "model", std::type_identity<Model>{});
}

const Vocabulary& vocabulary_of(const Model& model) {
  return std::visit([](const auto& of) -> const Vocabulary& { return of.vocabulary(); }, model);
}

}  // namespace normscope::tokenizer
