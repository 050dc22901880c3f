#include "text/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace normscope {
namespace {

// Encodes without any check, so that surrogates and numbers that are too large come out too.
std::string encode(std::uint32_t c) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) {
    return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  }
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
          byte(0x80 | (c & 0x3F))};
}

TEST(Utf8, AcceptsExactlyTheScalarValues) {
  for (std::uint32_t c = 0; c < 0x120000; ++c) {
    const bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
    const std::string text = encode(c);
    ASSERT_EQ(is_utf8(text), scalar) << std::hex << c;
    std::size_t i = 0;
    ASSERT_EQ(next_character(text, i), scalar ? static_cast<std::int32_t>(c) : -1) << std::hex << c;
    ASSERT_EQ(i, scalar ? text.size() : 1) << std::hex << c;
  }
}

TEST(Utf8, RejectsOverlongForms) {
  EXPECT_FALSE(is_utf8("\xC0\x80"));
  EXPECT_FALSE(is_utf8("\xC1\xBF"));
  EXPECT_FALSE(is_utf8("\xE0\x9F\xBF"));
  EXPECT_FALSE(is_utf8("\xF0\x8F\xBF\xBF"));
}

TEST(Utf8, RejectsLoneAndImpossibleBytes) {
  for (unsigned byte = 0x80; byte < 0x100; ++byte) {
    EXPECT_FALSE(is_utf8(std::string(1, static_cast<char>(byte)))) << std::hex << byte;
  }
  EXPECT_FALSE(is_utf8("\xC3("));
  EXPECT_FALSE(is_utf8("\xE2\x28\xA1"));
  EXPECT_FALSE(is_utf8("\xF8\x88\x80\x80\x80"));
}

// The fast path looks at eight bytes at a time; an error must be seen at every place beside it.
TEST(Utf8, SeesAnErrorAtEveryOffset) {
  for (const std::string wrong : {"\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xED\xA0\x80"}) {
    for (std::size_t before = 0; before < 20; ++before) {
      for (std::size_t after = 0; after < 20; ++after) {
        std::string text(before, 'a');
        text += wrong;
        text.append(after, 'z');
        EXPECT_FALSE(is_utf8(text)) << before << ' ' << after;
        text.replace(before, wrong.size(), "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
        EXPECT_TRUE(is_utf8(text)) << before << ' ' << after;
      }
    }
  }
}

TEST(Utf8, AcceptsNulAndEmptyText) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8(std::string("a\0b", 3)));
}

TEST(Utf8, BlankIsUnicodeWhiteSpaceOnly) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\r\v\f"));
  EXPECT_TRUE(is_blank("\xC2\xA0\xE3\x80\x80\xE2\x80\xA8"));  // U+00A0, U+3000, U+2028
  EXPECT_FALSE(is_blank("  a"));
  EXPECT_FALSE(is_blank("\xE2\x80\x8B"));  // U+200B is no white space
  EXPECT_FALSE(is_blank(std::string("\0", 1)));
  EXPECT_FALSE(is_blank("\xFF"));
}

}  // namespace
}  // namespace normscope
