#include "tokenizer/post_processors/template_processing.h"

#include <utility>

namespace normscope::tokenizer {
namespace {

void refuse_type_id(const JsonNode& piece) {
  if (const JsonNode type = piece.at("type_id"); !type.is_null() && type.integer() != 0) {
    type.fail("a token type other than 0 is not supported");
  }
}

}  // namespace

PostProcessor read_template_processing(const JsonNode& node, std::size_t vocabulary_size) {
  PostProcessor processor;
  bool seen = false;
  for (const JsonNode& item : node.at("single").items()) {
    if (const JsonNode sequence = item.at("Sequence"); !sequence.is_null()) {
      refuse_type_id(sequence);
      if (std::exchange(seen, true) || sequence.at("id").string_or("A") != "A") {
        item.fail("a template that is not of one sentence");
      }
      continue;
    }
    const JsonNode special = item.at("SpecialToken");
    if (special.is_null()) item.fail("is neither a Sequence nor a SpecialToken");
    refuse_type_id(special);
    const JsonNode ids = node.at("special_tokens").at(special.at("id").string()).at("ids");
    for (const JsonNode& id : ids.items()) {
      (seen ? processor.after : processor.before).push_back(read_id_below(id, vocabulary_size));
    }
  }
  if (!seen) node.fail("a template without the sentence");
  return processor;
}

}  // namespace normscope::tokenizer
