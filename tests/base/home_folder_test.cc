#include "base/home_folder.h"

#include <gtest/gtest.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include <iostream>

#include "base/cache_folder.h"
#include "normscope/error.h"

namespace normscope {
namespace {

// A user that no password database knows.
constexpr uid_t kNobodyKnown = 3'999'999'999;

// What `check` says as that user and without HOME, in a process of its own.
template <typename Check>
void run_as_unknown_user(Check check) {
  ::unsetenv("HOME");
  ::unsetenv("XDG_CACHE_HOME");
  ::unsetenv("NORMSCOPE_CACHE");
  if (::setresuid(kNobodyKnown, kNobodyKnown, kNobodyKnown) != 0) _exit(2);
  try {
    check();
    _exit(0);
  } catch (const Error& error) {
    std::cerr << error.what() << std::endl;
    _exit(1);
  }
}

TEST(HomeFolder, Home) {
  ::setenv("HOME", "/some/where", 1);
  EXPECT_EQ(find_home_folder(), "/some/where");
  EXPECT_EQ(home_folder("OTHER"), "/some/where");
}

TEST(HomeFolder, PasswordDatabase) {
  const passwd* const entry = ::getpwuid(::getuid());
  if (entry == nullptr || *entry->pw_dir == '\0') GTEST_SKIP() << "no home folder is known here";
  ::unsetenv("HOME");
  EXPECT_EQ(find_home_folder(), entry->pw_dir);
  ::setenv("HOME", "", 1);
  EXPECT_EQ(find_home_folder(), entry->pw_dir);
  ::unsetenv("XDG_CACHE_HOME");
  ::unsetenv("NORMSCOPE_CACHE");
  EXPECT_EQ(cache_folder(), std::filesystem::path(entry->pw_dir) / ".cache" / "normscope");
}

TEST(HomeFolderDeathTest, NoneAnywhere) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can become a user that nobody knows";
  EXPECT_EXIT(
      run_as_unknown_user([] { cache_folder(); }), testing::ExitedWithCode(1),
      "HOME: is not set, and user 3999999999 has no home folder in the password database; set "
      "HOME or NORMSCOPE_CACHE");
  EXPECT_EXIT(run_as_unknown_user([] {
                ::setenv("NORMSCOPE_CACHE", "/cache", 1);
                if (cache_folder() != "/cache") _exit(3);
              }),
              testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace normscope
