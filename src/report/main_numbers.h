#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "normscope/results.h"
#include "report/digits.h"

namespace normscope {

/// What a number of the results is, and so how it is written.
enum class NumberKind {
  count,
  /// In units of the statistic or the property.
  number,
  /// Without a unit: a share of the variance, a correlation, …
  ratio,
  /// Of the sentences, in per cent.
  share,
  p_value
};

/// A number of the results, which live longer.
class NumberIn {
 public:
  NumberIn(const double& number) : address_(&number), value_(number) {}
  NumberIn(const std::uint64_t& count)
      : address_(&count), value_(static_cast<double>(count)), count_(count) {}

  [[nodiscard]] const void* address() const { return address_; }
  [[nodiscard]] double value() const { return value_; }
  /// In full, as results.json has it.
  [[nodiscard]] std::string text() const;

 private:
  const void* address_;
  double value_;
  std::optional<std::uint64_t> count_;
};

/// One line of the report's first table.
struct MainNumber {
  /// Label and note may hold names out of the run, and so any characters.
  std::string label;
  Digits digits = Digits::count();
  NumberIn number;
  /// Null if there is none.
  const Interval* interval = nullptr;
  /// What the number means, in a few words.
  std::string note;
};

/// Those that are there.
std::vector<MainNumber> main_numbers(const Results& results);

/// Of a number and the interval beside it: the same for all who show it.
Digits digits_of(double number, const std::optional<Interval>& interval, NumberKind kind);

/// "mean word rank and tokens per word": the properties with these names, in words.
std::string held_fixed(const std::vector<std::string>& given);

}  // namespace normscope
