#include "report/base64.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace normscope {
namespace {

// RFC 4648, section 10.
TEST(Base64, TestVectors) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, LongTextIsOneText) {
  const std::string long_text((std::size_t{3} << 20) + 4, 'f');
  const std::string text = base64(long_text);
  EXPECT_EQ(text.size(), (long_text.size() + 2) / 3 * 4);
  EXPECT_EQ(text.find('='), text.size() - 2);
}

TEST(Base64Float32, LittleEndianAndNothingThatIsInfinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(base64_float32(std::vector<double>{1, -2}), "AACAPwAAAMA=");
  const std::string nan = base64_float32(std::vector<double>{std::nan("")});
  EXPECT_EQ(base64_float32(std::vector<double>{infinity}), nan);
  EXPECT_EQ(base64_float32(std::vector<double>{-1e300}), nan);
}

}  // namespace
}  // namespace normscope
