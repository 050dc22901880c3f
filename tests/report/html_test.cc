#include "report/html.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace normscope {
namespace {

TEST(HtmlText, NothingBeginsATagOrEndsAQuote) {
  EXPECT_EQ(html_text("<b a=\"1\" c='2'>&amp;</b>"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;&lt;/b&gt;");
  EXPECT_EQ(html_text("Ünïcode 狐\n\tstays"), "Ünïcode 狐\n\tstays");
}

TEST(HtmlText, ControlsAndBrokenUtf8AreReplaced) {
  EXPECT_EQ(html_text(std::string_view("a\0b\x1b\x7f\r", 6)), "a\uFFFDb\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(html_text("a\xff\xc3z"), "a\uFFFD\uFFFDz");
}

TEST(JsonInScript, CannotEndTheElement) {
  EXPECT_EQ(json_in_script(R"(["</script><!--"])"), R"(["\u003c/script>\u003c!--"])");
}

TEST(Fill, WhatIsPutInIsNotLookedAtAgain) {
  const auto value = [](std::string_view name) { return "{{" + std::string(name) + "}}{{b}}"; };
  EXPECT_EQ(fill("<{{a}}> {{c d}}", value), "<{{a}}{{b}}> {{c d}}{{b}}");
  EXPECT_EQ(fill("", value), "");
  EXPECT_THROW(fill("{{a", value), std::logic_error);
}

}  // namespace
}  // namespace normscope
