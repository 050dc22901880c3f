#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "base/random.h"
#include "lone_study.h"

namespace normscope {
namespace {

using Values = std::vector<double>;

/// As it stands in the text: in percent.
struct Share {
  double value = 0;
  std::optional<Interval> interval;
};

std::optional<Share> share_after(const std::string& text, const std::string& words) {
  const std::regex pattern(words + R"(([^ ]+) %(?: \[([^ ]+), ([^ ]+)\])? of the variance)");
  std::smatch match;
  if (!std::regex_search(text, match, pattern)) return std::nullopt;
  Share share{.value = std::stod(match[1]), .interval = {}};
  if (match[2].matched) share.interval = {std::stod(match[2]), std::stod(match[3])};
  return share;
}

void expect_possible(const Share& share) {
  EXPECT_GE(share.value, 0);
  EXPECT_LE(share.value, 100);
  if (!share.interval) return;
  EXPECT_GE(share.interval->low, 0);
  EXPECT_LE(share.interval->low, share.value);
  EXPECT_GE(share.interval->high, share.value);
  EXPECT_LE(share.interval->high, 100);
}

void expect_no_less(const Share& function, const Share& line) {
  EXPECT_GE(function.value, line.value);
  if (!function.interval) return;
  ASSERT_TRUE(line.interval);
  EXPECT_GE(function.interval->low, line.interval->low);
  EXPECT_GE(function.interval->high, line.interval->high);
}

/// What follows from the numbers in the text.
Verdict implied(std::uint64_t sentences, const std::optional<Share>& line,
                const std::optional<Share>& function) {
  if (sentences < 20 || !line || !line->interval || !function || !function->interval) {
    return Verdict::undecided;
  }
  if (line->interval->low >= 90) return Verdict::reliable;
  if (line->interval->high < 90 && function->interval->high < 90) return Verdict::unreliable;
  if (line->interval->high < 90 && function->interval->low >= 90) return Verdict::not_linear;
  return Verdict::undecided;
}

void expect_possible(const Study& study) {
  const Conclusion& conclusion = study.conclusion;
  const std::string& text = conclusion.text;
  const auto line = share_after(text, "a line explains ");
  const auto read_off = share_after(text, "the best function of the norm explains about ");
  const auto followed = share_after(text, "the best function of the length explains about ");
  EXPECT_EQ(line.has_value(), conclusion.shares.has_value());
  if (line) expect_possible(*line);
  for (const auto& function : {read_off, followed}) {
    if (!function) continue;
    expect_possible(*function);
    ASSERT_TRUE(line);
    expect_no_less(*function, *line);
  }
  std::smatch errors;
  if (std::regex_search(text, errors,
                        std::regex("error of ([^ ]+) tokens .* leaves ([^ ]+)\\.$"))) {
    EXPECT_GE(std::stod(errors[1]), 0);
    EXPECT_LE(std::stod(errors[1]), std::stod(errors[2]));
    EXPECT_TRUE(read_off);
  } else {
    EXPECT_FALSE(read_off);
  }
  EXPECT_EQ(conclusion.verdict, implied(study.sentences, line, read_off));
  EXPECT_EQ(text.find("nan"), std::string::npos);
  EXPECT_EQ(text.find("inf"), std::string::npos);
  EXPECT_EQ(text.find(" -"), std::string::npos);
}

using Draw = std::function<double(Random&)>;
using Follow = std::function<double(double length, Random&)>;

double integer(Random& random, std::uint64_t most) {
  return static_cast<double>(1 + random.below(most));
}

TEST(VerdictText, NeverSaysWhatIsImpossible) {
  const std::vector<Draw> lengths{
      [](Random& random) { return integer(random, 79); },
      [](Random& random) { return integer(random, 4); },
      [](Random& random) { return integer(random, 2); },
      [](Random&) { return 7.0; },
      [](Random& random) { return random.normal(); },
      [](Random& random) { return 1e9 + integer(random, 3); },
      [](Random& random) { return 1e-9 * random.normal(); },
      [](Random& random) { return random.below(40) == 0 ? 1e6 : integer(random, 20); },
  };
  const std::vector<Follow> norms{
      [](double, Random& random) { return 14 + random.normal(); },
      [](double x, Random&) { return 3 * x; },
      [](double x, Random&) { return 1 / (1 + std::abs(x)); },
      [](double x, Random& random) { return x + 0.3 * std::abs(x) * random.normal(); },
      [](double x, Random& random) { return 0.02 * x + random.normal(); },
      [](double x, Random& random) { return (x - 40) * (x - 40) + random.normal(); },
      [](double x, Random& random) { return std::exp(std::min(x, 500.0) / 8) + random.normal(); },
      [](double x, Random& random) { return std::sin(x) + 0.01 * random.normal(); },
      [](double, Random&) { return 0.1; },
      [](double, Random& random) { return static_cast<double>(random.below(2)); },
      [](double x, Random&) { return x > 20 ? 1.0 : 0.0; },
      [](double x, Random& random) { return std::round(x / 10 + random.normal()); },
      [](double x, Random& random) { return 1e12 + 1e-3 * x + 1e-3 * random.normal(); },
      [](double, Random& random) { return 20 * (1 + 1e-8 * random.normal()); },
      [](double, Random& random) { return 1e-30 * random.normal(); },
      [](double, Random& random) { return random.normal() / random.normal(); },
      [](double, Random& random) { return random.below(50) == 0 ? 1e100 : random.normal(); },
  };
  const std::array<std::uint64_t, 14> sizes{3, 4, 5, 6, 8, 11, 19, 20, 21, 30, 60, 100, 200, 300};
  std::uint64_t stream = 0;
  std::array<int, 4> verdicts{};
  for (const Draw& length : lengths) {
    for (const Follow& norm : norms) {
      for (const std::uint64_t n : sizes) {
        for (int repeat = 0; repeat < 3; ++repeat) {
          Random random(12, ++stream);
          Values x;
          Values y;
          for (std::uint64_t i = 0; i < n; ++i) {
            x.push_back(length(random));
            y.push_back(norm(x.back(), random));
          }
          const Study found = study_of(x, y);
          SCOPED_TRACE(testing::Message() << "stream " << stream << ", " << n
                                          << " sentences: " << found.conclusion.text);
          expect_possible(found);
          ++verdicts.at(static_cast<std::size_t>(found.conclusion.verdict));
        }
      }
    }
  }
  for (const int count : verdicts) EXPECT_GT(count, 20);
}

}  // namespace
}  // namespace normscope
