#include "base/cache_folder.h"

#include <cstdlib>
#include <string>

#include "base/home_folder.h"

namespace normscope {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return value == nullptr ? "" : value;
}

}  // namespace

std::filesystem::path cache_folder() {
  if (auto own = environment("NORMSCOPE_CACHE"); !own.empty()) return own;
  if (const auto xdg = environment("XDG_CACHE_HOME"); !xdg.empty()) {
    return std::filesystem::path(xdg) / "normscope";
  }
  return home_folder("NORMSCOPE_CACHE") / ".cache" / "normscope";
}

}  // namespace normscope
