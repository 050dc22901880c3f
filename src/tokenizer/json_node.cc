#include "tokenizer/json_node.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "normscope/error.h"

namespace normscope::tokenizer {

void JsonNode::fail(const std::string& reason) const { throw Error(*file_, place_, reason); }

bool JsonNode::is_null() const { return value_->is_null(); }
bool JsonNode::is_object() const { return value_->is_object(); }

JsonNode JsonNode::at(const std::string& key) const {
  static const nlohmann::json null;
  if (!is_object()) fail("is not an object");
  const auto found = value_->find(key);
  return child(key, found == value_->end() ? null : *found);
}

JsonNode JsonNode::child(const std::string& key, const nlohmann::json& value) const {
  return {*file_, value, place_.empty() ? key : place_ + "." + key};
}

std::vector<JsonNode> JsonNode::items() const {
  if (!value_->is_array()) fail("is not an array");
  std::vector<JsonNode> nodes;
  for (const nlohmann::json& item : *value_) {
    nodes.emplace_back(*file_, item, fmt::format("{}[{}]", place_, nodes.size()));
  }
  return nodes;
}

const std::string& JsonNode::string() const {
  if (!value_->is_string()) fail("is not a string");
  return value_->get_ref<const std::string&>();
}

std::string JsonNode::string_or(const std::string& otherwise) const {
  return is_null() ? otherwise : string();
}

bool JsonNode::boolean() const {
  if (!value_->is_boolean()) fail("is not true or false");
  return value_->get<bool>();
}

bool JsonNode::boolean_or(bool otherwise) const { return is_null() ? otherwise : boolean(); }

std::int64_t JsonNode::integer() const {
  const bool fits = value_->is_number_unsigned()
                        ? value_->get<std::uint64_t>() <=
                              static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                        : value_->is_number_integer();
  if (!fits) fail("is not an integer");
  return value_->get<std::int64_t>();
}

TokenId JsonNode::token_id() const {
  const std::int64_t id = integer();
  if (id < 0 || id >= kMostTokens) fail(fmt::format("is not a token id: {}", id));
  return static_cast<TokenId>(id);
}

}  // namespace normscope::tokenizer
