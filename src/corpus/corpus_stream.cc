#include "corpus/corpus_stream.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "corpus/utf8.h"
#include "normscope/error.h"

namespace normscope {
namespace {

// Appends `line` with each run of ASCII white space as one space, none at the end; one space parts
// it from what is there.
void append_collapsed(std::string& text, std::string_view line) {
  std::size_t i = 0;
  for (;;) {
    while (i < line.size() && is_ascii_space(line[i])) ++i;
    const std::size_t begin = i;
    while (i < line.size() && !is_ascii_space(line[i])) ++i;
    if (begin == i) return;
    if (!text.empty()) text += ' ';
    text.append(line, begin, i - begin);
  }
}

}  // namespace

CorpusStream::CorpusStream(std::string source, const CorpusOptions& options,
                           const ReadLimits& limits)
    : path_(std::move(source)), options_(options), limits_(limits) {
  if (options_.prose) splitter_.emplace();
  std::error_code error;
  if (path_ != "-" && std::filesystem::is_directory(path_, error)) {
    folder_.emplace(path_);
    if (!open_next()) throw Error(path_, "holds no files to read");
  } else {
    file_.emplace(path_, limits_);
  }
}

bool CorpusStream::next(Sentence& sentence) {
  std::string_view unit;
  while (next_unit(unit)) {
    const std::uint64_t index = counts_.read++;
    if (!is_utf8(unit)) {
      ++counts_.invalid;
    } else if (is_blank(unit)) {
      ++counts_.empty;
    } else {
      sentence.index = index;
      sentence.text.assign(unit);
      return true;
    }
  }
  return false;
}

const std::string& CorpusStream::sha256() const {
  if (!sha256_) throw std::logic_error("the corpus is not at its end yet");
  return *sha256_;
}

bool CorpusStream::open_next() {
  std::optional<std::string> next = folder_ ? folder_->next() : std::nullopt;
  if (!next) return false;
  relative_path_ = std::move(*next);
  file_.emplace(std::filesystem::path(path_) / relative_path_, limits_);
  return true;
}

void CorpusStream::close() {
  std::string digest = file_->source.sha256();
  file_.reset();
  if (folder_) {
    folder_hash_.update(fmt::format("{}  {}\n", digest, relative_path_));
  } else {
    sha256_ = std::move(digest);
  }
}

bool CorpusStream::next_unit(std::string_view& unit) {
  while (file_) {
    if (!options_.prose) {
      if (file_->lines.next(unit)) return true;
    } else {
      if (sentences_ != nullptr && next_sentence_ < sentences_->size()) {
        unit = (*sentences_)[next_sentence_++];
        return true;
      }
      if (const std::string_view paragraph = next_paragraph(); !paragraph.empty()) {
        sentences_ = &splitter_->split(paragraph);
        next_sentence_ = 0;
        continue;
      }
    }
    close();
    open_next();
  }
  if (folder_ && !sha256_) sha256_ = folder_hash_.finish();
  return false;
}

std::string_view CorpusStream::next_paragraph() {
  paragraph_.clear();
  std::uint64_t first_line = 0;
  std::string_view line;
  while (file_->lines.next(line)) {
    if (is_blank(line)) {
      if (paragraph_.empty()) continue;
      break;
    }
    if (paragraph_.empty()) first_line = file_->lines.line_number();
    append_collapsed(paragraph_, line);
    if (paragraph_.size() > limits_.unit) {
      throw Error(
          file_->source.name(), fmt::format("line {}", first_line),
          fmt::format("a paragraph longer than {} bytes, no blank line ends it", limits_.unit));
    }
  }
  return paragraph_;
}

}  // namespace normscope
