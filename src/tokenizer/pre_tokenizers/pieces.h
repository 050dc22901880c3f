#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace normscope::tokenizer {

/// The pieces that a text is split into: none is empty, and they are stored one after the other.
class Pieces {
 public:
  /// Sets the source of the next pieces, and whether it begins where the whole text does.
  void from(std::string_view source, bool at_start) {
    source_ = source;
    source_at_start_ = at_start;
  }
  /// Adds a part of the source; an empty piece is left out.
  void add(std::string_view piece) {
    if (piece.empty()) return;
    if (ends_.empty()) at_start_ = source_at_start_ && piece.data() == source_.data();
    text_ += piece;
    ends_.push_back(text_.size());
  }
  /// Continues a piece that end() adds, unless it is empty. The first begins where the source does.
  void put(std::string_view part) { text_ += part; }
  void end() {
    if (text_.size() == (ends_.empty() ? 0 : ends_.back())) return;
    if (ends_.empty()) at_start_ = source_at_start_;
    ends_.push_back(text_.size());
  }
  void clear() {
    text_.clear();
    ends_.clear();
    at_start_ = false;
  }

  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }
  /// Whether the source, and the first piece, begins where the whole text does.
  [[nodiscard]] bool source_at_start() const { return source_at_start_; }
  [[nodiscard]] bool at_start() const { return at_start_; }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
  std::string_view source_;
  bool source_at_start_ = false;
  bool at_start_ = false;
};

}  // namespace normscope::tokenizer
