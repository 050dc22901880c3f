#include "base/home_folder.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>
#include <vector>

#include "normscope/error.h"

namespace normscope {

std::optional<std::filesystem::path> find_home_folder() {
  const char* const home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nothing sets it
  if (home != nullptr && *home != '\0') return home;
  std::vector<char> strings(1024);
  passwd entry{};
  passwd* found = nullptr;
  int error = 0;
  while ((error = ::getpwuid_r(::getuid(), &entry, strings.data(), strings.size(), &found)) ==
         ERANGE) {
    strings.resize(2 * strings.size());
  }
  if (error != 0 || found == nullptr || *found->pw_dir == '\0') return std::nullopt;
  return found->pw_dir;
}

std::filesystem::path home_folder(std::string_view instead) {
  if (auto home = find_home_folder()) return std::move(*home);
  throw Error("HOME", fmt::format("is not set, and user {} has no home folder in the password "
                                  "database; set HOME or {}",
                                  ::getuid(), instead));
}

}  // namespace normscope
