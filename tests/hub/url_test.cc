#include "hub/url.h"

#include <gtest/gtest.h>

#include "hub/transfer_error.h"

namespace normscope {
namespace {

std::string origin_after(const std::string& location) {
  Url url("https://hub.example/a/b");
  url.follow(location);
  return url.origin();
}

TEST(UrlTest, OriginIsSchemeHostAndPort) {
  EXPECT_EQ(Url("https://hub.example").origin(), "https://hub.example:443");
  EXPECT_EQ(Url("https://hub.example:443/x").origin(), "https://hub.example:443");
  EXPECT_NE(Url("https://hub.example:8443").origin(), Url("https://hub.example").origin());
  EXPECT_NE(Url("http://hub.example:443").origin(), Url("https://hub.example").origin());
}

TEST(UrlTest, RedirectsAreFollowed) {
  const std::string hub = Url("https://hub.example").origin();
  for (const char* const location : {"/c", "c?d", "//hub.example/c", "https://hub.example/c"}) {
    EXPECT_EQ(origin_after(location), hub) << location;
  }
  for (const char* const location : {"//evil.example/c", "https://hub.example@evil.example/",
                                     "https://hub.example.evil.example", "http://hub.example/c"}) {
    EXPECT_NE(origin_after(location), hub) << location;
  }
  Url url("https://hub.example/a/b");
  url.follow("../c");
  EXPECT_EQ(url.text(), "https://hub.example:443/c");
}

TEST(UrlTest, OthersAreRefused) {
  for (const char* const text :
       {"", "http://", "https://a b/", "http://[bad", "https://a%zz/", "https://a%25b/"}) {
    EXPECT_THROW(const Url url(text), TransferError) << text;
  }
  EXPECT_THROW(origin_after(std::string("/a\0b", 4)), TransferError);
}

}  // namespace
}  // namespace normscope
