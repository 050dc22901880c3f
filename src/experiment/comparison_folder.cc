#include "experiment/comparison_folder.h"

#include <array>
#include <system_error>
#include <utility>

#include "experiment/run_folder.h"
#include "normscope/error.h"
#include "results/compare_json.h"
#include "results/run_files.h"

namespace normscope {
namespace {

/// compare.json comes last, because it says which files are the comparison's.
constexpr std::array kFiles{"compare.md", "figure-compare.png", "figure-compare.svg",
                            "figure-compare.pdf", "compare.json"};

}  // namespace

ComparisonFolder::ComparisonFolder(std::filesystem::path folder, bool overwrite)
    : path_(std::move(folder)), made_(make_writable_folder(path_)) {
  lock_.emplace(path_, lock_file(path_), FolderLock::Mode::exclusive);
  claim(overwrite);
}

void ComparisonFolder::claim(bool overwrite) const {
  const std::filesystem::path& folder = path_;
  const bool ours = is_compare_json(folder / kFiles.back());
  for (const char* name : kFiles) {
    std::error_code error;
    if (!std::filesystem::exists(std::filesystem::symlink_status(folder / name, error))) continue;
    if (!ours) {
      throw Error(folder / name,
                  "is there already, and normscope did not write it; choose another folder, or "
                  "move the file");
    }
    if (!overwrite) {
      throw Error(folder, "holds a comparison; choose another folder, or overwrite it");
    }
    std::filesystem::remove(folder / name, error);
    if (error) throw Error(folder / name, "cannot be removed: " + error.message());
  }
}

ComparisonFolder::~ComparisonFolder() {
  lock_.reset();
  std::error_code ignored;
  if (made_) std::filesystem::remove(path_, ignored);
}

}  // namespace normscope
