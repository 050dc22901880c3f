#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <type_traits>
#include <utility>

#include "base/random.h"
#include "normscope/error.h"
#include "report/sample_report.h"
#include "results/results.h"
#include "results/results_fields.h"

namespace normscope {
namespace {

/// Converts to any member of an aggregate.
struct Anything {
  template <class T>
  operator T() const;
};

template <class T, class... Members>
constexpr std::size_t members_of() {
  if constexpr (requires { T{std::declval<Members>()..., std::declval<Anything>()}; }) {
    return members_of<T, Members..., Anything>();
  } else {
    return sizeof...(Members);
  }
}

/// Counts the members that are described.
class Count {
 public:
  template <class T>
  void operator()(std::string_view, const T&) {
    ++count;
  }
  template <class T>
  void operator()(const T&) {
    ++count;
  }
  template <class T>
  void fixed(std::string_view, const T&) {}
  template <class Members>
  void object(std::string_view, const Members& members) {
    members(*this);
  }

  std::size_t count = 0;
};

/// `joined` of its members are structs whose fields, so many, stand among its own.
template <class T>
void expect_every_member(const char* what, std::size_t joined = 0, std::size_t fields = 0) {
  Count found;
  const T value{};
  if constexpr (requires { describe_elements(found, value); }) {
    describe_elements(found, value);
  } else {
    describe(found, value);
  }
  EXPECT_EQ(found.count, members_of<T>() - joined + fields) << what;
}

// A field that is forgotten would be lost in results.json.
TEST(Fields, AreAllMembers) {
#define EXPECT_EVERY_MEMBER(type, ...) expect_every_member<type>(#type __VA_OPT__(, ) __VA_ARGS__)
  EXPECT_EVERY_MEMBER(Interval);
  EXPECT_EVERY_MEMBER(Estimate);
  EXPECT_EVERY_MEMBER(RankCorrelation, 1, members_of<Estimate>());
  EXPECT_EVERY_MEMBER(Difference, 1, members_of<Estimate>());
  EXPECT_EVERY_MEMBER(Regression);
  EXPECT_EVERY_MEMBER(CorrelationRatio);
  EXPECT_EVERY_MEMBER(Proportion);
  EXPECT_EVERY_MEMBER(ThresholdRule);
  EXPECT_EVERY_MEMBER(Quantile);
  EXPECT_EVERY_MEMBER(Distribution);
  EXPECT_EVERY_MEMBER(Spread);
  EXPECT_EVERY_MEMBER(Band);
  EXPECT_EVERY_MEMBER(ShortnessClaim);
  EXPECT_EVERY_MEMBER(ShortnessClaims);
  EXPECT_EVERY_MEMBER(ExplainedShare);
  EXPECT_EVERY_MEMBER(ExplainedShares);
  EXPECT_EVERY_MEMBER(Conclusion);
  EXPECT_EVERY_MEMBER(StudiedStatistic);
  EXPECT_EVERY_MEMBER(MonotoneFit);
  EXPECT_EVERY_MEMBER(HeldOut);
  EXPECT_EVERY_MEMBER(FunnelBin);
  EXPECT_EVERY_MEMBER(Relation);
  EXPECT_EVERY_MEMBER(PartialRelation);
  EXPECT_EVERY_MEMBER(HeldFixed, 1, members_of<PartialRelation>());
  EXPECT_EVERY_MEMBER(RelationControl);
  EXPECT_EVERY_MEMBER(RelationControls);
  EXPECT_EVERY_MEMBER(GridRelation, 1, members_of<Relation>());
  EXPECT_EVERY_MEMBER(ControlTask);
  EXPECT_EVERY_MEMBER(RidgeProbe);
  EXPECT_EVERY_MEMBER(SentenceLengthProbe::Result);
  EXPECT_EVERY_MEMBER(SentenceLengthProbe);
  // Each of six means has three fields.
  EXPECT_EVERY_MEMBER(NormDirection, 6, 6 * members_of<Estimate>());
  EXPECT_EVERY_MEMBER(ProbeControl);
  EXPECT_EVERY_MEMBER(PointProbes, 1, members_of<ReadoutPoint>());
  EXPECT_EVERY_MEMBER(NormRelation);
  EXPECT_EVERY_MEMBER(DimensionShare);
  EXPECT_EVERY_MEMBER(Dimensions::Without);
  EXPECT_EVERY_MEMBER(Dimensions);
  EXPECT_EVERY_MEMBER(Study);
  EXPECT_EVERY_MEMBER(RelativePositions);
  EXPECT_EVERY_MEMBER(EncoderSpec);
  EXPECT_EVERY_MEMBER(OwnReadoutSource);
  EXPECT_EVERY_MEMBER(PromptSource);
  EXPECT_EVERY_MEMBER(ModelSource);
  EXPECT_EVERY_MEMBER(CorpusSource);
  EXPECT_EVERY_MEMBER(Sample::Blocks);
  EXPECT_EVERY_MEMBER(EarlyStop);
  EXPECT_EVERY_MEMBER(PrecisionError);
  EXPECT_EVERY_MEMBER(Counts);
  EXPECT_EVERY_MEMBER(NumberColumn);
  EXPECT_EVERY_MEMBER(Timings);
  EXPECT_EVERY_MEMBER(Manifest);
  EXPECT_EVERY_MEMBER(Part);
  EXPECT_EVERY_MEMBER(Results, 1, members_of<Study>());
#undef EXPECT_EVERY_MEMBER
}

/// Fills every field with a value of its own.
class Fill {
 public:
  explicit Fill(std::uint64_t seed) : random_(seed) {}

  template <class T>
  void operator()(std::string_view, T& value) {
    fill(value);
  }
  template <class T>
  void operator()(T& value) {
    fill(value);
  }
  template <class T>
  void fixed(std::string_view, const T&) {}
  template <class Members>
  void object(std::string_view, const Members& members) {
    members(*this);
  }

  template <class T>
  void fill(T& value) {
    if constexpr (std::same_as<T, bool>) {
      value = random_.below(2) == 1;
    } else if constexpr (std::integral<T>) {
      value = static_cast<T>(random_.next());
    } else if constexpr (std::floating_point<T>) {
      value = static_cast<T>(random_.normal() * (random_.below(3) == 0 ? 1e30 : 1e-3));
    } else if constexpr (std::same_as<T, std::string>) {
      static constexpr const char* kPieces[] = {"a", "\"", "\\",        "\n",
                                                "é", "狐", "</script>", "/~"};
      value.clear();
      while (random_.below(5) != 0) value += kPieces[random_.below(8)];
    } else if constexpr (std::same_as<T, ReadoutPoint>) {
      value.layer = random_.below(50);
      fill(value.readout);
    } else if constexpr (std::same_as<T, StatisticColumn>) {
      fill(value.point);
      fill(value.statistic);
    } else if constexpr (std::is_enum_v<T>) {
      value = JsonName<T>::values[random_.below(JsonName<T>::values.size())];
    } else if constexpr (IsOptional<T>::value) {
      value.reset();
      if (random_.below(4) != 0) fill(value.emplace());
    } else if constexpr (IsVector<T>::value) {
      value.resize(random_.below(4));
      for (auto& element : value) fill(element);
    } else if constexpr (IsMap<T>::value) {
      value.clear();
      for (std::uint64_t i = random_.below(3); i > 0; --i) {
        std::string key;
        fill(key);
        fill(value[key]);
      }
    } else if constexpr (requires { describe_elements(*this, value); }) {
      describe_elements(*this, value);
    } else {
      describe(*this, value);
    }
  }

 private:
  Random random_;
};

template <class T>
T read_back(const TemporaryFolder& folder, const std::string& text) {
  const std::filesystem::path path = folder.path() / "value.json";
  std::ofstream(path) << text;
  return read_json<T>(path);
}

TEST(Fields, ComeBackAsTheyWere) {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Results results;
    Fill(seed).fill(results);
    const std::string text = results_text(results);
    EXPECT_EQ(results_text(read_back<Results>(folder, text)), text) << seed;
    EXPECT_EQ(results_text(read_back<Results>(folder, results_text(results, true))), text) << seed;
    Part part;
    Fill(seed).fill(part);
    EXPECT_EQ(json_text(read_back<Part>(folder, json_text(part))), json_text(part)) << seed;
  }
}

TEST(Fields, DifferWhereAValueDoes) {
  Results one;
  Results other;
  Fill(1).fill(one);
  Fill(2).fill(other);
  EXPECT_NE(results_text(one), results_text(other));
  other = one;
  EXPECT_EQ(results_text(one), results_text(other));
  other.manifest.threads += 1;
  EXPECT_NE(results_text(one), results_text(other));
}

std::string refusal(const TemporaryFolder& folder, const std::string& text) {
  try {
    (void)read_back<Part>(folder, text);
  } catch (const Error& error) {
    return error.place() + ": " + error.reason();
  }
  return "none";
}

TEST(Fields, AreRefusedByTheirPlace) {
  const TemporaryFolder folder;
  const std::string good = json_text(Part());
  EXPECT_EQ(refusal(folder, good), "none");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return refusal(folder, text);
  };
  EXPECT_EQ(with("\"part\":0", "\"part\":-1"), "/part: is below 0");
  EXPECT_EQ(with("\"part\":0", "\"part\":0.5"), "/part: is number where integer is wanted");
  EXPECT_EQ(with("\"part\":0", "\"a/b~\":0"), ": has no \"part\"");
  EXPECT_EQ(with("\"threads\":0", "\"threads\":4294967296"),
            "/manifest/machine/threads: is above 4294967295");
  EXPECT_EQ(with("\"cpu_features\":[]", "\"cpu_features\":[\"a\",1]"),
            "/manifest/machine/cpu_features/1: is number where string is wanted");
  EXPECT_EQ(with("\"identity\":{}", "\"identity\":{\"a/b~\":1}"),
            "/manifest/identity/a~1b~0: is number where string is wanted");
  EXPECT_EQ(with("\"sample\":\"uniform\"", "\"sample\":\"best\""),
            "/manifest/options/sample: is none of uniform, head, stratified, blocks");
  EXPECT_EQ(with("\"statistics\":[]", "\"statistics\":[\"l2\"]"),
            "/manifest/options/statistics/0: l2 is no column's name");
  EXPECT_EQ(with("\"dedup\":false", "\"dedup\":null"),
            "/manifest/options/dedup: is null where boolean is wanted");
}

TEST(Fields, HavePlacesForTheirNumbers) {
  const SampleReport sample(100);
  const Results& results = sample.results;
  const Regression& line = *sample.relation().line;
  EXPECT_EQ(place_in_results(results, &line.slope.value), "/grid/relations/0/line/slope/value");
  EXPECT_EQ(place_in_relation(results, 0, &line.r_squared.interval->high),
            "/grid/relations/0/line/r_squared/interval_95/1");
  EXPECT_EQ(place_in_results(results, &results.study.claims->sides[2].short_given_side->share),
            "/claims/sides/2/short_given_side/share");
  EXPECT_EQ(place_in_results(results, &results.manifest.counts.read), "/manifest/counts/read");
  EXPECT_EQ(place_in_results(results, &results.manifest.max_length),
            "/manifest/options/max_length");
  const double elsewhere = 0;
  EXPECT_THROW((void)place_in_results(results, &elsewhere), std::logic_error);
}

}  // namespace
}  // namespace normscope
