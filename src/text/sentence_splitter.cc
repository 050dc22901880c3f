#include "text/sentence_splitter.h"

#include <unicode/filteredbrk.h>
#include <unicode/localpointer.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "normscope/error.h"
#include "text/utf8.h"

namespace normscope {
namespace {

using namespace std::string_view_literals;

// Abbreviations that ICU's list for English lacks. Sorted by byte.
constexpr std::array kAbbreviations{
    "Adm."sv, "Capt."sv, "Cf."sv,  "Col."sv,   "Dr."sv,  "Drs."sv,  "Esq."sv,    "Fr."sv,
    "Gen."sv, "Gov."sv,  "Hon."sv, "Lieut."sv, "Lt."sv,  "Maj."sv,  "Messrs."sv, "Mlle."sv,
    "Mme."sv, "Mr."sv,   "Mrs."sv, "Ms."sv,    "Mt."sv,  "Prof."sv, "Rev."sv,    "Sen."sv,
    "Sgt."sv, "St."sv,   "Wm."sv,  "cf."sv,    "e.g."sv, "i.e."sv,  "viz."sv,    "vs."sv};

// Words that are abbreviations only before a number: "no. 3", but "I said no. Then". Sorted by
// byte.
constexpr std::array kAbbreviationsBeforeNumber{
    "A.D."sv, "Art."sv,  "B.C."sv, "Ch."sv,  "Fig."sv, "No."sv,   "Nos."sv, "Sec."sv,
    "Vol."sv, "Vols."sv, "art."sv, "ca."sv,  "ch."sv,  "chap."sv, "fig."sv, "no."sv,
    "nos."sv, "p."sv,    "pp."sv,  "sec."sv, "vol."sv, "vols."sv};

// Words that begin sentences far more often than they are surnames. Sorted by byte.
constexpr std::array kOpeners{
    "A"sv,     "After"sv, "All"sv,   "An"sv,   "And"sv,   "As"sv,    "At"sv,    "But"sv,
    "By"sv,    "Each"sv,  "For"sv,   "From"sv, "He"sv,    "Hence"sv, "How"sv,   "However"sv,
    "I"sv,     "If"sv,    "In"sv,    "It"sv,   "Its"sv,   "My"sv,    "No"sv,    "Not"sv,
    "Of"sv,    "On"sv,    "One"sv,   "Or"sv,   "Our"sv,   "She"sv,   "Since"sv, "So"sv,
    "Some"sv,  "Such"sv,  "That"sv,  "The"sv,  "Their"sv, "Then"sv,  "There"sv, "These"sv,
    "They"sv,  "This"sv,  "Those"sv, "Thus"sv, "To"sv,    "We"sv,    "What"sv,  "When"sv,
    "Where"sv, "Which"sv, "While"sv, "Who"sv,  "Why"sv,   "With"sv,  "Yet"sv,   "You"sv};

constexpr std::array kHeadings{"ACT"sv,     "Act"sv,     "BOOK"sv,   "Book"sv,  "CHAPTER"sv,
                               "Chapter"sv, "PART"sv,    "Part"sv,   "SCENE"sv, "SECTION"sv,
                               "Scene"sv,   "Section"sv, "VOLUME"sv, "Volume"sv};

static_assert(std::ranges::is_sorted(kAbbreviations));
static_assert(std::ranges::is_sorted(kOpeners));
static_assert(std::ranges::is_sorted(kHeadings));
static_assert(std::ranges::is_sorted(kAbbreviationsBeforeNumber));

constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
constexpr bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '.'; }

// The last word with its full stop: "Dr." of `"Dr.`, "p." of "[p.". Empty when it is longer than
// any abbreviation: looking further back at each boundary would take quadratic time.
std::string_view last_word(std::string_view text) {
  constexpr std::size_t longest = 16;
  std::size_t begin = text.size();
  while (begin > 0 && is_word(text[begin - 1])) {
    if (text.size() - --begin > longest) return {};
  }
  return text.substr(begin);
}

bool opens_sentence(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_letter);
  if (end != text.end() && *end == '.') return false;  // "A." is an initial
  return std::ranges::binary_search(kOpeners, std::string_view(text.begin(), end));
}

// "J." of "J. R. Smith", "G.D.H." of "[G.D.H. Cole".
bool ends_in_initials(std::string_view before, std::string_view after) {
  const std::string_view initials = last_word(before);
  if (initials.empty() || initials.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < initials.size(); i += 2) {
    if (!is_upper(initials[i]) || initials[i + 1] != '.') return false;
  }
  if (opens_sentence(after)) return false;
  if (initials != "I.") return true;
  // "V. I. Lenin" and "[I. Berlin", but "She is taller than I. Mary".
  std::string_view rest = before.substr(0, before.size() - initials.size());
  if (rest.ends_with('[') || rest.ends_with('(')) return true;
  while (rest.ends_with(' ')) rest.remove_suffix(1);
  const std::string_view previous = last_word(rest);
  return previous.size() == 2 && is_upper(previous[0]) && previous[1] == '.';
}

// "1." or "12." of a list, "CHAPTER 75." or "BOOK IV." of a heading, and nothing else before it.
bool is_item_number(std::string_view text) {
  const std::string_view number = last_word(text);
  std::string_view rest = text.substr(0, text.size() - number.size());
  if (number.size() < 2 || number.size() > 7) return false;
  const std::string_view figures = number.substr(0, number.size() - 1);
  const bool arabic = figures.size() <= 3 && std::ranges::all_of(figures, is_digit);
  const bool roman = figures.find_first_not_of("IVXLC") == std::string_view::npos;
  while (!rest.empty() && (rest.back() == '"' || rest.back() == '(' || rest.back() == '[')) {
    rest.remove_suffix(1);
  }
  if (rest.empty()) return arabic;
  if (!rest.ends_with(' ')) return false;
  rest.remove_suffix(1);
  return (arabic || roman) && std::ranges::binary_search(kHeadings, rest);
}

// Whether the first letter, after quotation marks, brackets and marks of emphasis, is lower case.
bool starts_in_lower_case(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const UChar32 character = next_character(text, i);
    const bool opens = character == '_' || character == '*' ||
                       u_hasBinaryProperty(character, UCHAR_QUOTATION_MARK) != 0 ||
                       u_charType(character) == U_START_PUNCTUATION;
    if (!opens) return u_islower(character) != 0;
  }
  return false;
}

bool belong_together(std::string_view before, std::string_view after) {
  if (starts_in_lower_case(after)) return true;
  if (!before.ends_with('.')) return false;
  const std::string_view word = last_word(before);
  if (std::ranges::binary_search(kAbbreviations, word)) return true;
  if (is_digit(after.front()) && std::ranges::binary_search(kAbbreviationsBeforeNumber, word)) {
    return true;
  }
  // ICU splits "1.E.2", where there is no white space.
  const bool adjacent = before.data() + before.size() == after.data();
  if (adjacent && is_word(after.front())) return true;
  return ends_in_initials(before, after) || is_item_number(before);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

void check(UErrorCode status, const char* place) {
  if (U_FAILURE(status)) throw Error("ICU", place, u_errorName(status));
}

}  // namespace

SentenceSplitter::SentenceSplitter() {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale& locale = icu::Locale::getEnglish();
  const std::unique_ptr<icu::FilteredBreakIteratorBuilder> builder(
      icu::FilteredBreakIteratorBuilder::createInstance(locale, status));
  check(status, "sentence boundaries");
  // ICU looks for its abbreviations inside words too, so that its "T." would glue "by the CNT." to
  // what follows; initials have a rule of their own here.
  for (char16_t letter = u'A'; letter <= u'Z'; ++letter) {
    builder->unsuppressBreakAfter(icu::UnicodeString(letter) + u'.', status);
  }
  boundaries_.reset(
      builder->build(icu::BreakIterator::createSentenceInstance(locale, status), status));
  check(status, "sentence boundaries");
}

const std::vector<std::string_view>& SentenceSplitter::split(std::string_view paragraph) {
  sentences_.clear();
  UErrorCode status = U_ZERO_ERROR;
  UText text = UTEXT_INITIALIZER;
  const icu::LocalUTextPointer close(&text);
  utext_openUTF8(&text, paragraph.data(), static_cast<std::int64_t>(paragraph.size()), &status);
  boundaries_->setText(&text, status);
  check(status, "splitting into sentences");

  std::size_t begin = 0;
  for (std::int32_t boundary = boundaries_->next(); boundary != icu::BreakIterator::DONE;
       boundary = boundaries_->next()) {
    const auto end = static_cast<std::size_t>(boundary);
    const std::string_view piece = trimmed(paragraph.substr(begin, end - begin));
    begin = end;
    if (piece.empty()) continue;
    if (!sentences_.empty() && belong_together(sentences_.back(), piece)) {
      const char* const start = sentences_.back().data();
      sentences_.back() = {start, static_cast<std::size_t>(piece.data() + piece.size() - start)};
    } else {
      sentences_.push_back(piece);
    }
  }
  return sentences_;
}

}  // namespace normscope
