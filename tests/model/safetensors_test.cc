#include "model/safetensors.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "model/safetensors_writer.h"
#include "normscope/error.h"

namespace normscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::little_endian;
using testing::safetensors;

std::vector<StoredTensor> parse(std::string_view content) {
  return parse_safetensors(std::as_bytes(std::span(content)), "file");
}

std::string_view text(const StoredTensor& tensor) {
  return {reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()};
}

// The error's text, or "accepted".
std::string refusal(std::string_view content) {
  try {
    parse(content);
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.file(), "file");
    return error.what();
  }
}

std::string refusal(std::string_view header, std::string_view data) {
  return refusal(safetensors(header, data));
}

std::string tensor(std::string_view name, std::string_view dtype, std::string_view shape,
                   std::string_view offsets) {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":{},"data_offsets":{}}})", name, dtype, shape,
                     offsets);
}

TEST(Safetensors, GivesTheTensorsInTheOrderOfTheirNames) {
  const std::string content = safetensors("{" + tensor("b", "F32", "[1,2]", "[0,8]") +
                                              R"(,"__metadata__":{"format":"pt","a":""},)" +
                                              tensor("a", "U8", "[3]", "[8,11]") + "}",
                                          "01234567abc");
  const auto tensors = parse(content);
  ASSERT_EQ(tensors.size(), 2U);
  EXPECT_EQ(tensors[0].name, "a");
  EXPECT_EQ(tensors[0].dtype, "U8");
  EXPECT_THAT(tensors[0].shape, ElementsAre(3));
  EXPECT_EQ(text(tensors[0]), "abc");
  EXPECT_EQ(tensors[1].name, "b");
  EXPECT_THAT(tensors[1].shape, ElementsAre(1, 2));
  EXPECT_EQ(text(tensors[1]), "01234567");
}

TEST(Safetensors, TakesEmptyAndScalarTensors) {
  const std::string content = safetensors(
      "{" + tensor("scalar", "I16", "[]", "[0,2]") + "," +
          tensor("empty", "F32", "[3,0,7]", "[2,2]") + "," +
          tensor("first", "F64", "[0,9223372036854775808,9]", "[0,0]") + "," +
          tensor("end", "BOOL", "[0]", "[3,3]") + "," + tensor("last", "I8", "[1]", "[2,3]") + "}",
      "xyz");
  const auto tensors = parse(content);
  ASSERT_EQ(tensors.size(), 5U);
  EXPECT_THAT(text(tensors[0]), IsEmpty());
  EXPECT_EQ(text(tensors[3]), "z");
  EXPECT_EQ(tensors[4].name, "scalar");
  EXPECT_THAT(tensors[4].shape, IsEmpty());
  EXPECT_EQ(text(tensors[4]), "xy");
}

TEST(Safetensors, TakesAFileWithoutTensors) {
  EXPECT_THAT(parse(safetensors("{}", "")), IsEmpty());
  EXPECT_THAT(parse(safetensors(R"({"__metadata__":{}})", "")), IsEmpty());
}

TEST(Safetensors, TakesSpacesAfterTheHeader) {
  EXPECT_EQ(parse(safetensors("{" + tensor("a", "U8", "[1]", "[0,1]") + "}     ", "x")).size(), 1U);
}

TEST(Safetensors, KnowsTheSizeOfEveryType) {
  for (const auto& [dtype, bytes] : std::vector<std::pair<std::string, int>>{
           {"BOOL", 8},        {"F4", 4},          {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
           {"I8", 8},          {"F8_E5M2", 8},     {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"I16", 16},
           {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"U16", 16},    {"F16", 16},    {"BF16", 16},
           {"I32", 32},        {"U32", 32},        {"F32", 32},    {"C64", 64},    {"F64", 64},
           {"I64", 64},        {"U64", 64}}) {
    const std::string content =
        safetensors("{" + tensor("a", dtype, "[2,4]", fmt::format("[0,{}]", bytes)) + "}",
                    std::string(static_cast<std::size_t>(bytes), 'x'));
    EXPECT_EQ(parse(content).size(), 1U) << dtype;
  }
  EXPECT_THAT(refusal("{" + tensor("a", "F128", "[1]", "[0,16]") + "}", std::string(16, 'x')),
              HasSubstr("tensor 'a': has the unknown dtype 'F128'"));
}

TEST(Safetensors, RefusesAFileTooShortForALength) {
  for (std::size_t size = 0; size < 8; ++size) {
    EXPECT_THAT(refusal(std::string(size, '\0')), HasSubstr("too short")) << size;
  }
  EXPECT_THAT(refusal(std::string(8, '\0')), HasSubstr("does not begin with '{'"));
}

TEST(Safetensors, RefusesALengthThatLies) {
  EXPECT_THAT(refusal(little_endian(3) + "{}"), HasSubstr("said to have 3 bytes"));
  EXPECT_THAT(refusal(little_endian(100'000'000) + "{}"), HasSubstr("ends after 2"));
  EXPECT_THAT(refusal(little_endian(100'000'001) + "{}"), HasSubstr("at most 100000000"));
  EXPECT_THAT(refusal(little_endian(1ULL << 63) + "{}"), HasSubstr("at most 100000000"));
  EXPECT_THAT(refusal(little_endian(~0ULL) + "{}"), HasSubstr("at most 100000000"));
  EXPECT_THAT(refusal(little_endian(~0ULL - 7) + "{}"), HasSubstr("at most 100000000"));
  EXPECT_THAT(refusal(little_endian(1) + "{}"), HasSubstr("not valid JSON"));
}

TEST(Safetensors, TakesTheLargestHeaderAllowed) {
  std::string header = "{" + tensor("a", "U8", "[1]", "[0,1]") + "}";
  header.resize(100'000'000, ' ');
  EXPECT_EQ(parse(safetensors(header, "x")).size(), 1U);
}

TEST(Safetensors, RefusesWhatIsNotJson) {
  const std::string valid = tensor("a", "U8", "[1]", "[0,1]");
  EXPECT_THAT(refusal(" {" + valid + "}", "x"), HasSubstr("does not begin with '{'"));
  EXPECT_THAT(refusal("[]", ""), HasSubstr("does not begin with '{'"));
  for (const std::string& header :
       {"{" + valid, "{" + valid + "}}", "{" + valid + "}x", "{" + valid + "},{}",
        "{" + valid + ",}", std::string("{a:1}"), "{" + valid + "}" + std::string(1, '\0'),
        "{" + valid + "}" + std::string(1, '\0') + "more", "{/**/" + valid + "}",
        std::string("{\"\xff\":{}}"), std::string("{\"\xc0\x80\":{}}"),
        std::string(R"({"\ud800":{}})"), std::string("{\"a\nb\":{}}"), std::string("{\"a")}) {
    EXPECT_THAT(refusal(header, "x"), HasSubstr("header: is not valid JSON (byte ")) << header;
  }
}

TEST(Safetensors, RefusesDeepNesting) {
  constexpr std::size_t depth = 1'000'000;
  EXPECT_NE(refusal(R"({"a":)" + std::string(depth, '['), ""), "accepted");
  EXPECT_NE(refusal(R"({"a":{"shape":)" + std::string(depth, '['), ""), "accepted");
  std::string objects = "{";
  for (std::size_t i = 0; i < depth; ++i) objects += R"("a":{)";
  EXPECT_NE(refusal(objects, ""), "accepted");
}

TEST(Safetensors, RefusesValuesOfAnotherKind) {
  const auto entry = [](std::string_view fields) { return fmt::format(R"({{"a":{}}})", fields); };
  for (const char* const value : {"1", "-1", "1.5", "null", "true", R"("text")", "[]"}) {
    EXPECT_THAT(refusal(entry(value), ""), HasSubstr("tensor 'a': is not described by an object"));
    EXPECT_THAT(
        refusal(entry(fmt::format(R"({{"dtype":{}}})", value)), ""),
        value[0] == '"' ? HasSubstr("needs dtype, shape") : HasSubstr("dtype is not a string"));
  }
  for (const char* const value :
       {"1", "-1", "null", "{}", R"("text")", "[-1]", "[1.0]", "[1e3]", "[18446744073709551616]",
        "[[1]]", "[null]", R"(["1"])", "[{}]"}) {
    EXPECT_THAT(refusal(entry(fmt::format(R"({{"shape":{}}})", value)), ""),
                HasSubstr("tensor 'a': shape is not a list of at most 64 whole numbers"))
        << value;
    EXPECT_THAT(refusal(entry(fmt::format(R"({{"data_offsets":{}}})", value)), ""),
                HasSubstr("tensor 'a': data_offsets is not a pair of whole numbers"))
        << value;
  }
  for (const char* const value : {"[]", "[1]", "[0,1,2]"}) {
    EXPECT_THAT(refusal(entry(fmt::format(R"({{"data_offsets":{}}})", value)), ""),
                HasSubstr("data_offsets is not a pair"))
        << value;
  }
  EXPECT_THAT(refusal(entry("{}"), ""), HasSubstr("needs dtype, shape and data_offsets"));
  EXPECT_THAT(refusal(entry(R"({"dtype":"U8","shape":[0]})"), ""), HasSubstr("needs dtype"));
  EXPECT_THAT(refusal(entry(R"({"offsets":[0,1]})"), ""), HasSubstr("unknown key 'offsets'"));
}

TEST(Safetensors, TakesNoMoreThan64Dimensions) {
  std::string shape = "[1";
  for (int i = 1; i < 64; ++i) shape += ",1";
  EXPECT_EQ(parse(safetensors("{" + tensor("a", "U8", shape + "]", "[0,1]") + "}", "x")).size(),
            1U);
  EXPECT_THAT(refusal("{" + tensor("a", "U8", shape + ",1]", "[0,1]") + "}", "x"),
              HasSubstr("at most 64"));
}

TEST(Safetensors, RefusesMetadataThatIsNotStrings) {
  for (const char* const value : {"1", "[]", "null", R"("text")", R"({"a":1})", R"({"a":{}})",
                                  R"({"a":["b"]})", R"({"a":null})"}) {
    EXPECT_THAT(refusal(fmt::format(R"({{"__metadata__":{}}})", value), ""),
                HasSubstr("__metadata__ is not an object of strings"))
        << value;
  }
}

TEST(Safetensors, RefusesRepeatedKeys) {
  const std::string a = tensor("a", "U8", "[1]", "[0,1]");
  EXPECT_THAT(refusal("{" + a + "," + a + "}", "x"), HasSubstr("tensor 'a': is there twice"));
  EXPECT_THAT(refusal("{" + a + "," + tensor("\\u0061", "U8", "[1]", "[1,2]") + "}", "xy"),
              HasSubstr("tensor 'a': is there twice"));
  EXPECT_THAT(refusal(R"({"a":{"dtype":"U8","dtype":"U8"}})", ""), HasSubstr("has dtype twice"));
  EXPECT_THAT(refusal(R"({"a":{"shape":[],"shape":[]}})", ""), HasSubstr("has shape twice"));
  EXPECT_THAT(refusal(R"({"a":{"data_offsets":[0,1],"data_offsets":[0,1]}})", ""),
              HasSubstr("has data_offsets twice"));
  EXPECT_THAT(refusal(R"({"__metadata__":{},"__metadata__":{}})", ""),
              HasSubstr("__metadata__ is there twice"));
  EXPECT_THAT(refusal(R"({"__metadata__":{"a":"","b":"","a":""}})", ""),
              HasSubstr("__metadata__ holds a key twice"));
}

TEST(Safetensors, RefusesTensorsThatDoNotTileTheData) {
  const std::string a = tensor("a", "U8", "[4]", "[0,4]");
  EXPECT_THAT(refusal("{" + a + "}", "xxx"), HasSubstr("tensor 'a': claims the bytes 0 to 4"));
  EXPECT_THAT(refusal("{" + a + "}", "xxxxx"), HasSubstr("holds 5 bytes of data"));
  EXPECT_THAT(refusal("{}", "x"), HasSubstr("holds 1 bytes of data"));
  EXPECT_THAT(refusal("{" + tensor("a", "U8", "[4]", "[1,5]") + "}", "xxxxx"),
              HasSubstr("tensor 'a': claims the bytes 1 to 5"));
  // overlap, hole
  EXPECT_THAT(refusal("{" + a + "," + tensor("b", "U8", "[4]", "[3,7]") + "}", "xxxxxxx"),
              HasSubstr("tensor 'b': claims the bytes 3 to 7"));
  EXPECT_THAT(refusal("{" + a + "," + tensor("b", "U8", "[4]", "[5,9]") + "}", "xxxxxxxxx"),
              HasSubstr("tensor 'b': claims the bytes 5 to 9"));
  // the same bytes twice
  EXPECT_THAT(refusal("{" + a + "," + tensor("b", "U8", "[4]", "[0,4]") + "}", "xxxx"),
              HasSubstr("claims the bytes 0 to 4"));
  // backwards
  EXPECT_THAT(refusal("{" + a + "," + tensor("b", "U8", "[4]", "[4,0]") + "}", "xxxx"),
              HasSubstr("tensor 'b': claims the bytes 4 to 0"));
  EXPECT_THAT(refusal("{" + tensor("a", "U8", "[4]", "[0,18446744073709551615]") + "}", "xxxx"),
              HasSubstr("claims the bytes 0 to 18446744073709551615"));
}

TEST(Safetensors, KeepsTheErrorShortAndOnOneLine) {
  const std::string name = "\\n\\u001b[2J" + std::string(1'000'000, 'x');
  const std::string error = refusal("{" + tensor(name, "F32", "[1]", "[0,8]") + "}", "12345678");
  EXPECT_THAT(error, HasSubstr("tensor '\\x0a\\x1b[2Jxxx"));
  EXPECT_THAT(error, HasSubstr("has 8 bytes"));
  EXPECT_LT(error.size(), 1000U);
  EXPECT_EQ(error.find('\n'), std::string_view::npos);
}

TEST(Safetensors, RefusesShapesThatLie) {
  EXPECT_THAT(refusal("{" + tensor("a", "F32", "[2]", "[0,4]") + "}", "xxxx"),
              HasSubstr("tensor 'a': has 4 bytes, but its shape and dtype make 8"));
  EXPECT_THAT(refusal("{" + tensor("a", "F32", "[0]", "[0,4]") + "}", "xxxx"),
              HasSubstr("has 4 bytes, but its shape and dtype make 0"));
  for (const char* const shape :
       {"[18446744073709551615]", "[4294967296,4294967296]", "[9223372036854775808,2]",
        "[9223372036854775808,2,0]", "[2305843009213693952]", "[576460752303423489]"}) {
    EXPECT_THAT(refusal("{" + tensor("a", "F32", shape, "[0,4]") + "}", "xxxx"),
                HasSubstr("impossible"))
        << shape;
  }
  EXPECT_THAT(refusal("{" + tensor("a", "F4", "[3]", "[0,1]") + "}", "x"), HasSubstr("impossible"));
}

TEST(Safetensors, ReadsAHeaderOfManyTensors) {
  std::string header = "{";
  std::string data;
  constexpr int count = 100'000;
  for (int i = 0; i < count; ++i) {
    if (i > 0) header += ',';
    header += tensor(fmt::format("encoder.layer.{}.attention.self.query.weight", i), "U8", "[1]",
                     fmt::format("[{},{}]", i, i + 1));
  }
  EXPECT_EQ(parse(safetensors(header + "}", std::string(count, 'x'))).size(), std::size_t{count});
}

// Whatever a file holds, it is refused with an Error, or its tensors lie side by side in it.
TEST(Safetensors, SurvivesMutations) {
  const std::string valid = safetensors(
      R"({"__metadata__":{"format":"pt"},)" + tensor("w", "F32", "[2,3]", "[0,24]") + "," +
          tensor("b", "BF16", "[3]", "[24,30]") + "," + tensor("e", "I64", "[0]", "[30,30]") + "," +
          tensor("s", "U8", "[]", "[30,31]") + "}  ",
      std::string(31, 'x'));
  ASSERT_EQ(refusal(valid), "accepted");
  const std::vector<std::string> pieces{"{",
                                        "}",
                                        "[",
                                        "]",
                                        ",",
                                        ":",
                                        "\"",
                                        "-",
                                        "0",
                                        "99",
                                        "e9",
                                        "null",
                                        "\"w\":",
                                        "{}",
                                        "[[[",
                                        "\\",
                                        " ",
                                        "\xff",
                                        "18446744073709551615",
                                        std::string(1, '\0')};
  std::mt19937 generator(0);
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(generator);
  };
  int accepted = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string content = valid;
    for (std::size_t left = 1 + below(3); left > 0; --left) {
      const std::size_t at = below(content.size());
      switch (below(5)) {
        case 0:
          content[at] = static_cast<char>(below(256));
          break;
        case 1:
          content[at] = static_cast<char>(content[at] ^ (1 << below(8)));
          break;
        case 2:
          content.insert(at, pieces[below(pieces.size())]);
          break;
        case 3:
          content.erase(at, 1 + below(8));
          break;
        default:
          content += content.substr(at, below(8));
      }
      if (content.empty()) content = "x";
    }
    try {
      std::size_t total = 0;
      for (const StoredTensor& found : parse(content)) {
        total += found.bytes.size();
        ASSERT_GE(text(found).data(), content.data() + 8);
        ASSERT_LE(text(found).data() + text(found).size(), content.data() + content.size());
      }
      std::uint64_t header = 0;
      std::memcpy(&header, content.data(), sizeof header);
      ASSERT_EQ(8 + header + total, content.size());
      ++accepted;
    } catch (const Error&) {
      continue;
    }
  }
  EXPECT_GT(accepted, 100);  // some mutations touch data or names only
  EXPECT_LT(accepted, 25'000);
}

}  // namespace
}  // namespace normscope
