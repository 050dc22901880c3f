#include "tokenizer/merges_txt.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_file.h"
#include "base/mapped_file.h"
#include "normscope/error.h"

namespace normscope::tokenizer {

Bpe read_merges_txt(const std::filesystem::path& vocabulary_file,
                    const std::filesystem::path& merges_file) {
  const nlohmann::json json = read_json_object(vocabulary_file);
  Vocabulary vocabulary = read_vocabulary(JsonNode(vocabulary_file, json));
  const MappedFile mapped(merges_file);
  std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                        mapped.bytes().size());
  const nlohmann::json nothing;
  std::vector<MergedPair> pairs;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("#version") || line.empty()) continue;
    pairs.push_back(
        read_merge_line(line, JsonNode(merges_file, nothing, fmt::format("line {}", number))));
  }
  PairTable merges = table_of(pairs, vocabulary, "", JsonNode(merges_file, nothing, "merges"));
  return {std::move(vocabulary), std::move(merges), {}};
}

}  // namespace normscope::tokenizer
