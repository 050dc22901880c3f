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

/// `name`, or name-2, name-3, …: the first that is not there or that `usable` takes.
template <typename Usable>
std::filesystem::path first_path(const std::string& name, const Usable& usable) {
  std::filesystem::path path = name;
  std::error_code ignored;
  for (int n = 2;
       std::filesystem::exists(std::filesystem::symlink_status(path, ignored)) && !usable(path);
       ++n) {
    path = fmt::format("{}-{}", name, n);
  }
  return path;
}

}  // namespace

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

std::filesystem::path fresh_path(const std::string& name) {
  return first_path(name, [](const std::filesystem::path&) { return false; });
}

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
    path_ = first_path(
        name, [&](const std::filesystem::path& path) { return holds_unfinished(path, identity); });
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
