#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace normscope::tokenizer {

/// What a text is split into: pieces, none of them empty, laid end to end.
class Pieces {
 public:
  /// An empty piece is left out.
  void add(std::string_view piece) {
    if (piece.empty()) return;
    text_ += piece;
    ends_.push_back(text_.size());
  }
  void clear() {
    text_.clear();
    ends_.clear();
  }

  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

}  // namespace normscope::tokenizer
