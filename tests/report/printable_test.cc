#include "report/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace normscope {
namespace {

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(printable("Émile 狐 👍 a_b^c", 60), "Émile 狐 👍 a_b^c");
}

TEST(Printable, ReplacesWhatIsNotVisible) {
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f\u202e\u200b\u2028", 60),
            "a\uFFFDb\uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(printable("a\xff\xc3", 60), "a\uFFFD\uFFFD");
  EXPECT_EQ(printable(std::string("a\0b", 3), 60), "a\uFFFDb");
}

TEST(Printable, CutsTheMiddleOut) {
  EXPECT_EQ(printable("0123456789", 10), "0123456789");
  EXPECT_EQ(printable("0123456789x", 10), "01234…789x");
  EXPECT_EQ(printable(std::string(1000, 'a') + "狐", 5), "aa…a狐");
}

TEST(Printable, AnySize) {
  EXPECT_EQ(printable("", 10), "");
  EXPECT_EQ(printable(std::string(std::size_t{5} << 20, '\n'), 3), "\uFFFD…\uFFFD");
}

}  // namespace
}  // namespace normscope
