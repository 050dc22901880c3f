#include "report/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace normscope {
namespace {

std::string on_terminal(std::string_view text, std::size_t longest) {
  return printable(text, longest, Medium::terminal);
}

std::string in_figure(std::string_view text) { return printable(text, 60, Medium::figure); }

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(on_terminal("Émile 狐 👍 a_b^c", 60), "Émile 狐 👍 a_b^c");
}

TEST(Printable, ReplacesWhatIsNotVisible) {
  EXPECT_EQ(on_terminal("a\nb\x1b[31m\x7f\u202e\u202c\u2028", 60),
            "a\uFFFDb\uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(on_terminal("a\xff\xc3", 60), "a\uFFFD\uFFFD");
  EXPECT_EQ(on_terminal(std::string("a\0b", 3), 60), "a\uFFFDb");
}

TEST(Printable, CutsTheMiddleOut) {
  EXPECT_EQ(on_terminal("0123456789", 10), "0123456789");
  EXPECT_EQ(on_terminal("0123456789x", 10), "01234…789x");
  EXPECT_EQ(on_terminal(std::string(1000, 'a') + "狐", 5), "aa…a狐");
}

TEST(Printable, AnySize) {
  EXPECT_EQ(on_terminal("", 10), "");
  EXPECT_EQ(on_terminal(std::string(std::size_t{5} << 20, '\n'), 3), "\uFFFD…\uFFFD");
}

TEST(Printable, FiguresHaveFewerCharacters) {
  EXPECT_EQ(in_figure("Émile’s ψυχή – Война_1 <b>&@{`"), "Émile’s ψυχή – Война_1 <b?&@{`");
  EXPECT_EQ(in_figure("狐 👍 \u3000\u0301 a\nb\xff\u00ad"), "? ? ?? a?b??");
}

}  // namespace
}  // namespace normscope
