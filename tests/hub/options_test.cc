#include <gtest/gtest.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "normscope/error.h"
#include "normscope/hub.h"
#include "temporary_folder.h"

namespace normscope {
namespace {

// Tests start from an environment without the hub's variables.
class HubOptionsTest : public testing::Test {
 protected:
  HubOptionsTest() {
    for (const char* const name :
         {"HF_ENDPOINT", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE",
          "TRANSFORMERS_OFFLINE", "HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE",
          "XDG_CACHE_HOME", "HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT",
          "HF_HUB_DISABLE_IMPLICIT_TOKEN"}) {
      ::unsetenv(name);
    }
    set("HOME", home_.path());
  }

  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }
  static HubOptions options() { return HubOptions::from_environment(); }

  TemporaryFolder home_;
};

TEST_F(HubOptionsTest, WithoutAnything) {
  EXPECT_EQ(options().endpoint, "https://huggingface.co");
  EXPECT_EQ(options().token, "");
  EXPECT_EQ(options().cache, home_.path() / ".cache/huggingface/hub");
  EXPECT_FALSE(options().offline);
  EXPECT_EQ(options().answer_timeout, 10);
  EXPECT_EQ(options().silence_timeout, 10);
}

TEST_F(HubOptionsTest, CacheByPrecedence) {
  set("XDG_CACHE_HOME", "/xdg");
  EXPECT_EQ(options().cache, "/xdg/huggingface/hub");
  set("HF_HOME", "~/hf");
  EXPECT_EQ(options().cache, home_.path() / "hf/hub");
  set("HUGGINGFACE_HUB_CACHE", "/old");
  EXPECT_EQ(options().cache, "/old");
  set("HF_HUB_CACHE", "/new");
  EXPECT_EQ(options().cache, "/new");
}

TEST_F(HubOptionsTest, WithoutHomeThatOfThePasswordDatabase) {
  const passwd* const entry = ::getpwuid(::getuid());
  if (entry == nullptr || *entry->pw_dir == '\0') GTEST_SKIP() << "no home folder is known here";
  const std::filesystem::path home = entry->pw_dir;
  ::unsetenv("HOME");
  EXPECT_EQ(options().cache, home / ".cache/huggingface/hub");
  set("HF_HUB_CACHE", "~");
  EXPECT_EQ(options().cache, home);
  // As if it were not set: nothing belongs into the root of the file system.
  set("HOME", "");
  set("HF_HUB_CACHE", "~/cache");
  EXPECT_EQ(options().cache, home / "cache");
}

TEST_F(HubOptionsTest, TokenByPrecedence) {
  home_.write(".cache/huggingface/token", "hf_default\n");
  EXPECT_EQ(options().token, "hf_default");
  set("HF_TOKEN_PATH", home_.write("elsewhere", "  hf_file \n"));
  EXPECT_EQ(options().token, "hf_file");
  set("HF_TOKEN", " hf_variable ");
  EXPECT_EQ(options().token, "hf_variable");
  set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
  EXPECT_EQ(options().token, "");
}

TEST_F(HubOptionsTest, OfflineAsPythonReadsIt) {
  for (const char* const yes : {"1", "on", "YES", "True"}) {
    set("HF_HUB_OFFLINE", yes);
    EXPECT_TRUE(options().offline) << yes;
  }
  for (const char* const no : {"0", "", "false", "2"}) {
    set("HF_HUB_OFFLINE", no);
    EXPECT_FALSE(options().offline) << no;
  }
  set("TRANSFORMERS_OFFLINE", "1");
  EXPECT_TRUE(options().offline);
}

TEST_F(HubOptionsTest, Endpoint) {
  set("HF_ENDPOINT", "https://mirror.example/hub//");
  EXPECT_EQ(options().endpoint, "https://mirror.example/hub");
  for (const char* const wrong : {"mirror.example", "ftp://mirror.example", "file:///etc"}) {
    set("HF_ENDPOINT", wrong);
    EXPECT_THROW(options(), Error) << wrong;
  }
}

TEST_F(HubOptionsTest, ValuesThatCannotBeUsed) {
  set("HF_TOKEN", "hf_a\r\nX-Other: b");
  EXPECT_THROW(options(), Error);
  set("HF_TOKEN", "hf_a");
  for (const char* const wrong : {"0", "-1", "ten", "1e3", "99999999999999999999"}) {
    set("HF_HUB_ETAG_TIMEOUT", wrong);
    EXPECT_THROW(options(), Error) << wrong;
  }
  set("HF_HUB_ETAG_TIMEOUT", "30");
  EXPECT_EQ(options().answer_timeout, 30);
}

}  // namespace
}  // namespace normscope
