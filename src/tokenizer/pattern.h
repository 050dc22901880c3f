#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "tokenizer/json_node.h"

namespace normscope::tokenizer {

/// What Replace looks for: a string, or one of the regular expressions of published tokenizers.
class Pattern {
 public:
  struct Match {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  /// Reads {"String": ...} or {"Regex": ...}. Throws Error, also for another regular expression,
  /// which it names.
  static Pattern read(const JsonNode& node);
  /// A pattern for a string that is not empty.
  explicit Pattern(std::string string) : of_(std::move(string)) {}
  /// A pattern for one of those regular expressions; throws std::invalid_argument for any other.
  static Pattern known_regex(std::string_view regex);

  /// The first match in `text` (valid UTF-8) from `from` on; both ends are the end of the text if
  /// there is none.
  [[nodiscard]] Match find(std::string_view text, std::size_t from) const;

  /// In bytes; at least 1.
  [[nodiscard]] std::size_t shortest() const;

 private:
  // Runs of at least this many characters, of only U+0020 or of white space; and single characters
  // that match anywhere.
  struct Runs {
    std::string_view regex = {};
    bool spaces_alone = false;
    std::size_t least = 1;
    std::string_view singles = {};
  };
  static const Runs kKnown[];

  explicit Pattern(const Runs& runs) : of_(runs) {}

  std::variant<std::string, Runs> of_;
};

}  // namespace normscope::tokenizer
