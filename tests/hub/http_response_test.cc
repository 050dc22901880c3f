#include "hub/http_response.h"

#include <gtest/gtest.h>

namespace normscope {
namespace {

TEST(HttpResponseTest, HeadersAreThoseOfTheLastAnswer) {
  HttpResponse response;
  for (const char* const line :
       {"HTTP/1.1 200 Connection established\r\n", "X-Repo-Commit: of a proxy\r\n", "\r\n",
        "HTTP/2 200\r\n", "eTaG:\t\"a:b\" \r\n", "Link: first\r\n", "link: last\r\n", "odd\r\n"}) {
    response.take_line(line);
  }
  EXPECT_EQ(response.header("etag"), "\"a:b\"");
  EXPECT_EQ(response.header("link"), "last");
  EXPECT_EQ(response.header("x-repo-commit"), "");
}

}  // namespace
}  // namespace normscope
