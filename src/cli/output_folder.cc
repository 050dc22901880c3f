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

bool holds_unfinished(const std::filesystem::path& folder, const Identity& identity) {
  try {
    return read_identity(shards_folder(folder)) == identity;
  } catch (const Error&) {
    return false;
  }
}

bool holds_finished_shards(const std::filesystem::path& shards) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(shards, error)) {
    if (entry.path().extension() == ".parquet") return true;
  }
  return false;
}

}  // namespace

std::filesystem::path shards_folder(const std::filesystem::path& folder) {
  return folder / "shards";
}

bool make_writable_folder(const std::filesystem::path& folder) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(folder, error);
  if (error) throw Error(folder, fmt::format("cannot make the folder: {}", error.message()));
  if (!std::filesystem::is_directory(folder, error)) throw Error(folder, "is not a folder");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) throw Error(folder, std::strerror(errno));
  return made;
}

OutputFolder::OutputFolder(const std::string& wanted, const std::string& model,
                           const std::string& corpus, const Identity& identity) {
  if (!wanted.empty()) {
    path_ = wanted;
  } else {
    const std::string name =
        fmt::format("normscope-{}-{}", file_name_part(model), file_name_part(corpus));
    path_ = name;
    std::error_code ignored;
    for (int n = 2; std::filesystem::exists(path_, ignored) && !holds_unfinished(path_, identity);
         ++n) {
      path_ = fmt::format("{}-{}", name, n);
    }
  }
  made_ = make_writable_folder(path_);
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;
  if (!holds_finished_shards(shards())) std::filesystem::remove_all(shards(), ignored);
  // Only where it is empty: what was written whole stays.
  if (made_) std::filesystem::remove(path_, ignored);
}

}  // namespace normscope::cli
