#include "tokenizer/reference_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/mapped_file.h"
#include "normscope/error.h"

namespace normscope::tokenizer {
namespace {

using ReferenceJson = nlohmann::json;

constexpr std::size_t kMostBytes = std::size_t{256} << 20U;
constexpr std::size_t kMostDepth = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr int kMostExponent = 308;

// Correctly rounded, up to the largest power that a double can hold.
double power_of_ten(std::size_t exponent) {
  static const auto powers = [] {
    std::array<double, kMostExponent + 1> of{};
    for (std::size_t i = 0; i < of.size(); ++i) {
      of[i] = std::strtod(fmt::format("1e{}", i).c_str(), nullptr);
    }
    return of;
  }();
  return powers[exponent];
}

// Builds the document; the parser calls it.
class Builder final : public nlohmann::json_sax<ReferenceJson> {
 public:
  Builder(const std::filesystem::path& file, ReferenceParser parser)
      : file_(&file), parser_(parser) {}

  ReferenceJson take() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t rounded, const string_t& digits) override {
    const double value =
        parser_ == ReferenceParser::tokenizers ? reference_number(digits) : rounded;
    if (!std::isfinite(value)) throw Error(*file_, "holds a number that is out of range");
    return put(value);
  }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(ReferenceJson::object()); }
  bool key(string_t& name) override {
    // If a key is repeated, the last value counts.
    member_ = &(*open_.back())[std::move(name)];
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(ReferenceJson::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t byte, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    if (dynamic_cast<const ReferenceJson::parse_error*>(&error) == nullptr) {
      throw Error(*file_, "holds a number that is out of range");
    }
    throw Error(*file_, fmt::format("byte {}", byte), "is not valid JSON");
  }

 private:
  ReferenceJson* place(ReferenceJson value) {
    ReferenceJson* at = &root_;
    if (!open_.empty() && open_.back()->is_array()) {
      at = &open_.back()->emplace_back();
    } else if (!open_.empty()) {
      at = member_;
    }
    *at = std::move(value);
    return at;
  }
  bool put(ReferenceJson value) {
    place(std::move(value));
    return true;
  }
  bool open(ReferenceJson value) {
    if (open_.size() == kMostDepth) {
      throw Error(*file_, fmt::format("nests deeper than {} levels", kMostDepth));
    }
    open_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const std::filesystem::path* file_;
  ReferenceParser parser_;
  ReferenceJson root_;
  std::vector<ReferenceJson*> open_;
  ReferenceJson* member_ = nullptr;
};

}  // namespace

double reference_number(std::string_view digits) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::size_t at = 0;
  const bool negative = !digits.empty() && digits.front() == '-';
  if (negative) ++at;
  std::uint64_t significand = 0;
  std::int64_t exponent = 0;
  // Digits that no longer fit into 64 bits are dropped, with all after them.
  const auto take_digits = [&](int fits, int dropped) {
    bool full = false;
    for (; at < digits.size() && is_digit(digits[at]); ++at) {
      const auto digit = static_cast<std::uint64_t>(digits[at] - '0');
      full = full || significand > (kMost - digit) / 10;
      if (!full) significand = 10 * significand + digit;
      exponent += full ? dropped : fits;
    }
  };
  take_digits(0, 1);
  if (at < digits.size() && digits[at] == '.') {
    ++at;
    take_digits(-1, 0);
  }
  if (at < digits.size()) {
    ++at;  // the e
    const bool below_zero = at < digits.size() && digits[at] == '-';
    std::int64_t written = 0;
    for (; at < digits.size(); ++at) {
      if (is_digit(digits[at]))
        written = std::min<std::int64_t>(1 << 20, 10 * written + (digits[at] - '0'));
    }
    exponent += below_zero ? -written : written;
  }
  auto value = static_cast<double>(significand);
  for (; exponent < -kMostExponent && value != 0; exponent += kMostExponent) value /= 1e308;
  if (value != 0) {
    if (exponent > kMostExponent) return std::numeric_limits<double>::infinity();
    const double power = power_of_ten(static_cast<std::size_t>(std::abs(exponent)));
    value = exponent >= 0 ? value * power : value / power;
  }
  return negative ? -value : value;
}

ReferenceJson read_reference_json(const std::filesystem::path& file, ReferenceParser parser) {
  const MappedFile mapped(file);
  const std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                              mapped.bytes().size());
  if (text.size() > kMostBytes)
    throw Error(file, fmt::format("is larger than {} MiB", kMostBytes >> 20U));
  // The parser treats a zero byte as the end of its input.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    throw Error(file, fmt::format("byte {}", zero + 1), "is not valid JSON");
  }
  Builder builder(file, parser);
  ReferenceJson::sax_parse(text, &builder);
  ReferenceJson json = builder.take();
  if (!json.is_object()) throw Error(file, "is not a JSON object");
  return json;
}

}  // namespace normscope::tokenizer
