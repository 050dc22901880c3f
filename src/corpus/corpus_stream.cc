#include "corpus/corpus_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include "corpus/batch_reader.h"
#include "corpus/column.h"
#include "corpus/csv_reader.h"
#include "corpus/format.h"
#include "corpus/jsonl_reader.h"
#include "corpus/memory_reader.h"
#include "corpus/parquet_file.h"
#include "normscope/error.h"
#include "text/utf8.h"

namespace normscope {
namespace {

// Appends `line` with each run of ASCII white space as one space and none at the end, separated by
// one space from the text that is there.
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

CorpusStream::CorpusStream(CorpusInput source, CorpusOptions options, const ReadLimits& limits,
                           std::stop_token stop)
    : options_(std::move(options)), limits_(limits), stop_(std::move(stop)), filter_(options_) {
  if (options_.prose) splitter_.emplace();
  if (const auto* const corpus = std::get_if<TextsInMemory>(&source)) {
    open_texts(*corpus);
    return;
  }
  const auto& path = std::get<std::string>(source);
  files_.emplace(path, options_.files);
  if (!open_next()) throw Error(path, "holds no files to read");
}

bool CorpusStream::next(Sentence& sentence) {
  std::string_view unit;
  while (next_unit(unit)) {
    const std::uint64_t index = counts().read;
    if (!filter_.passes(unit)) continue;
    sentence.index = index;
    sentence.text.assign(unit);
    const std::span<const double> numbers = file_->texts->numbers();
    sentence.numbers.assign(numbers.begin(), numbers.end());
    return true;
  }
  return false;
}

const std::string& CorpusStream::sha256() const {
  if (!sha256_) throw std::logic_error("the corpus is not at its end yet");
  return *sha256_;
}

bool CorpusStream::open_next() {
  std::optional<CorpusFiles::File> next = files_ ? files_->next() : std::nullopt;
  if (!next) return false;
  name_ = std::move(next->name);
  file_ = File{};
  file_->source = std::make_unique<ByteSource>(std::move(next->path), stop_);
  file_->name = file_->source->name();
  open_texts();
  return true;
}

void CorpusStream::open_texts(const TextsInMemory& corpus) {
  file_ = File{};
  file_->name = kTextsInMemory;
  file_->texts = std::make_unique<MemoryReader>(corpus, options_.number_columns);
  file_->table = true;
}

void CorpusStream::open_texts() {
  ByteSource& source = *file_->source;
  CorpusFormat format = options_.format;
  if (format == CorpusFormat::automatic) {
    format = format_of(source);
    if (const auto zero = zero_byte(source);
        zero && format == CorpusFormat::text && !files_->single()) {
      throw Error(source.name(), fmt::format("byte {}", *zero),
                  "is zero, so this is no text; name the files to read with a pattern such as "
                  "'*.txt', or say that the format is text");
    }
  }
  file_->table = format != CorpusFormat::text;
  const ColumnChoice columns{.text = options_.column, .numbers = options_.number_columns};
  if (!file_->table && (columns.text || !columns.numbers.empty())) {
    throw Error(
        source.name(),
        fmt::format("is plain text, which has no column {}; if it is a table, say its format",
                    columns.text ? *columns.text : columns.numbers.front()));
  }
  switch (format) {
    case CorpusFormat::automatic:
    case CorpusFormat::text:
      file_->texts = std::make_unique<LineReader>(source, limits_);
      break;
    case CorpusFormat::jsonl:
      file_->texts = std::make_unique<JsonlReader>(source, limits_, columns);
      break;
    case CorpusFormat::csv:
      file_->texts = std::make_unique<CsvReader>(source, limits_, std::nullopt, columns);
      break;
    case CorpusFormat::tsv:
      file_->texts = std::make_unique<CsvReader>(source, limits_, '\t', columns);
      break;
    case CorpusFormat::parquet:
      file_->texts = read_parquet(source, columns);
      break;
    case CorpusFormat::arrow:
      file_->texts = read_arrow(source, columns);
      break;
  }
  if (auto column = file_->texts->column();
      column && std::ranges::find(columns_, *column) == columns_.end()) {
    columns_.push_back(*std::move(column));
  }
}

void CorpusStream::close() {
  if (auto* const memory = dynamic_cast<MemoryReader*>(file_->texts.get())) {
    sha256_ = memory->sha256();
    file_.reset();
    return;
  }
  // The bytes after the last row belong to the hash too.
  file_->source->drain();
  std::string digest = file_->source->sha256();
  file_.reset();
  if (files_->single()) {
    sha256_ = std::move(digest);
  } else {
    listing_hash_.update(fmt::format("{}  {}\n", digest, name_));
  }
}

bool CorpusStream::next_unit(std::string_view& unit) {
  while (file_) {
    if (!options_.prose) {
      if (file_->texts->next(unit)) return true;
    } else {
      if (sentences_ != nullptr && next_sentence_ < sentences_->size()) {
        unit = (*sentences_)[next_sentence_++];
        return true;
      }
      if (next_paragraph()) {
        sentences_ = &splitter_->split(paragraph_);
        next_sentence_ = 0;
        if (!paragraph_.empty()) continue;
        unit = {};
        return true;
      }
    }
    close();
    open_next();
  }
  if (!sha256_) sha256_ = listing_hash_.finish();
  return false;
}

bool CorpusStream::next_paragraph() {
  paragraph_.clear();
  TextReader& texts = *file_->texts;
  std::string_view text;
  if (file_->table) {
    if (!texts.next(text)) return false;
    append(text, texts.place());
    return true;
  }
  std::string first_line;
  while (texts.next(text)) {
    if (is_blank(text)) {
      if (paragraph_.empty()) continue;
      break;
    }
    if (paragraph_.empty()) first_line = texts.place();
    append(text, first_line);
  }
  return !paragraph_.empty();
}

void CorpusStream::append(std::string_view text, const std::string& place) {
  append_collapsed(paragraph_, text);
  if (paragraph_.size() > limits_.unit) {
    throw Error(file_->name, place,
                fmt::format("a paragraph longer than {} bytes{}", limits_.unit,
                            file_->table ? "" : ", no blank line ends it"));
  }
}

}  // namespace normscope
