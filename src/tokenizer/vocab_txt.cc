#include "tokenizer/vocab_txt.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mapped_file.h"
#include "normscope/error.h"
#include "normscope/text.h"
#include "tokenizer/unicode.h"

namespace normscope::tokenizer {

// Trailing white space is removed, as in transformers.
WordPiece read_vocab_txt(const std::filesystem::path& file, std::string unk_token) {
  const MappedFile mapped(file);
  std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                        mapped.bytes().size());
  std::vector<std::string> tokens;
  std::set<std::string_view> distinct;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!is_utf8(line)) {
      throw Error(file, fmt::format("line {}", tokens.size() + 1), "is not valid UTF-8");
    }
    line.remove_suffix(unicode::spaces_at_end(line));
    if (tokens.size() == static_cast<std::size_t>(kMostTokens)) {
      throw Error(file, fmt::format("has more than {} lines", kMostTokens));
    }
    tokens.emplace_back(line);
    distinct.insert(line);
  }
  // Blank lines at the end are not tokens, although the reference counts one of them.
  while (!tokens.empty() && tokens.back().empty()) tokens.pop_back();
  Vocabulary vocabulary(std::move(tokens), distinct.size());
  if (!vocabulary.find(unk_token)) {
    throw Error(file, fmt::format("lacks the token {} (unk_token)", unk_token));
  }
  return {std::move(vocabulary), {.unk_token = std::move(unk_token)}};
}

}  // namespace normscope::tokenizer
