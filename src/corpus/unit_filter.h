#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "corpus/seen_texts.h"
#include "normscope/corpus.h"

namespace normscope {

/// Counts the units of a corpus and says which of them are returned as sentences.
class UnitFilter {
 public:
  explicit UnitFilter(const CorpusOptions& options);

  /// Counts the unit; false if it is left out.
  bool passes(std::string_view unit);

  [[nodiscard]] const ReadCounts& counts() const { return counts_; }

 private:
  std::uint64_t min_words_;
  std::optional<SeenTexts> seen_;
  ReadCounts counts_;
};

}  // namespace normscope
