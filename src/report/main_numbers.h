#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "normscope/results.h"
#include "report/digits.h"

namespace normscope {

/// The kind of a number in the results, which decides how it is written.
enum class NumberKind {
  count,
  /// In units of the statistic or the property.
  number,
  /// Without a unit: a share of the variance, a correlation, …
  ratio,
  /// A share of the sentences, in percent.
  share,
  p_value
};

/// A number in the results, which must outlive this.
class NumberIn {
 public:
  NumberIn(const double& number) : address_(&number), value_(number) {}
  NumberIn(const std::uint64_t& count)
      : address_(&count), value_(static_cast<double>(count)), count_(count) {}

  [[nodiscard]] const void* address() const { return address_; }
  [[nodiscard]] double value() const { return value_; }
  /// In full, as in results.json.
  [[nodiscard]] std::string text() const;

 private:
  const void* address_;
  double value_;
  std::optional<std::uint64_t> count_;
};

/// One line of the report's first table.
struct MainNumber {
  /// Label and note may hold names from the run, and so any characters.
  std::string label;
  Digits digits = Digits::count();
  NumberIn number;
  /// Null if there is none.
  const Interval* interval = nullptr;
  /// What the number means, in a few words.
  std::string note;
};

/// The rows that exist.
std::vector<MainNumber> main_numbers(const Results& results);

/// The digits of a number with its interval: the same wherever they are shown.
Digits digits_of(double number, const std::optional<Interval>& interval, NumberKind kind);

/// "mean word rank and tokens per word": the properties with these names, in words.
std::string held_fixed(const std::vector<std::string>& given);

}  // namespace normscope
