#include "tokenizer/post_processors/post_processor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>

#include "tokenizer/post_processors/bert_processing.h"
#include "tokenizer/post_processors/template_processing.h"

namespace normscope::tokenizer {
namespace {

struct Registered {
  std::string_view type;
  PostProcessor (*read)(const JsonNode&, std::size_t);
};

// Each processor is applied around the result of the one before it.
PostProcessor read_sequence(const JsonNode& node, std::size_t vocabulary_size) {
  PostProcessor sequence;
  for (const JsonNode& item : node.at("processors").items()) {
    const PostProcessor part = read_post_processor(item, vocabulary_size);
    sequence.before.insert(sequence.before.begin(), part.before.begin(), part.before.end());
    sequence.after.insert(sequence.after.end(), part.after.begin(), part.after.end());
  }
  return sequence;
}

// It concerns offsets, not ids.
PostProcessor read_byte_level(const JsonNode& /*node*/, std::size_t /*vocabulary_size*/) {
  return {};
}

constexpr Registered kRegistry[] = {
    {"BertProcessing", read_bert_processing},
    {"ByteLevel", read_byte_level},
    // Its other settings concern offsets, not ids.
    {"RobertaProcessing", read_bert_processing},
    {"Sequence", read_sequence},
    {"TemplateProcessing", read_template_processing},
};

}  // namespace

PostProcessor read_post_processor(const JsonNode& node, std::size_t vocabulary_size) {
  if (node.is_null()) return {};
  const std::string& type = node.at("type").string();
  std::vector<std::string_view> supported;
  for (const Registered& registered : kRegistry) {
    if (registered.type == type) return registered.read(node, vocabulary_size);
    supported.push_back(registered.type);
  }
  node.fail(fmt::format("the post-processor {} is not supported, only {}", type,
                        fmt::join(supported, ", ")));
}

TokenId read_id_below(const JsonNode& node, std::size_t vocabulary_size) {
  const TokenId id = node.token_id();
  if (static_cast<std::size_t>(id) >= vocabulary_size) {
    node.fail(fmt::format("there is no token with the id {}", id));
  }
  return id;
}

}  // namespace normscope::tokenizer
