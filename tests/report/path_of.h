#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace normscope {

/// While it lives, PATH leads to one folder alone.
class PathOf {
 public:
  explicit PathOf(const std::filesystem::path& folder) {
    if (const char* path = std::getenv("PATH")) before_ = path;
    ::setenv("PATH", folder.c_str(), 1);
  }
  PathOf(const PathOf&) = delete;
  PathOf& operator=(const PathOf&) = delete;
  ~PathOf() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

}  // namespace normscope
