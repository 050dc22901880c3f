#include "cli/output_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "normscope/error.h"

namespace normscope::cli {
namespace {

constexpr std::size_t kLongestPart = 60;

// Names come from the user's paths; in a folder's name only harmless characters stay.
std::string file_name_part(const std::string& name) {
  std::string part;
  for (const char c : name) {
    if (part.size() == kLongestPart) break;
    const bool harmless = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ||
                          c == '_' || (c == '.' && !part.empty());
    part += harmless ? c : '-';
  }
  return part.empty() ? "unnamed" : part;
}

}  // namespace

OutputFolder::OutputFolder(const std::string& wanted, const std::string& model,
                           const std::string& corpus) {
  std::error_code error;
  if (!wanted.empty()) {
    path_ = wanted;
    made_ = std::filesystem::create_directories(path_, error);
  } else {
    const std::string name =
        fmt::format("normscope-{}-{}", file_name_part(model), file_name_part(corpus));
    path_ = name;
    for (int n = 2; !(made_ = std::filesystem::create_directory(path_, error)) && !error; ++n) {
      path_ = fmt::format("{}-{}", name, n);
    }
  }
  if (error) throw Error(path_, fmt::format("cannot make the folder: {}", error.message()));
  if (!std::filesystem::is_directory(path_, error)) throw Error(path_, "is not a folder");
  if (::access(path_.c_str(), W_OK | X_OK) != 0) throw Error(path_, std::strerror(errno));
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  // Only where it is empty: what was written whole stays.
  if (made_) std::filesystem::remove(path_, ignored);
}

}  // namespace normscope::cli
