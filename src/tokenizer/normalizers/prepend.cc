#include "tokenizer/normalizers/prepend.h"

#include <fmt/format.h>

#include <cstddef>

namespace normscope::tokenizer {
namespace {

// In bytes; each comes in front of every text.
constexpr std::size_t kLongest = 1024;

}  // namespace

Prepend Prepend::read(const JsonNode& node) {
  const JsonNode prepend = node.at("prepend");
  if (prepend.string().size() > kLongest) {
    prepend.fail(fmt::format("is longer than {} bytes", kLongest));
  }
  return {prepend.string()};
}

void Prepend::normalize(std::string_view text, std::string& normalized) const {
  if (text.empty()) return;
  normalized += prepend;
  normalized += text;
}

}  // namespace normscope::tokenizer
