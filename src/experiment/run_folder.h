#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/folder_lock.h"
#include "normscope/checkpoint.h"

namespace normscope {

/// Entry "corpus" of the identity of a run whose corpus can be read only once: its content is not
/// known beforehand.
inline constexpr const char* kReadOnce = "read once";

/// The identity of a run, and the files that it may write.
struct RunClaim {
  Identity identity;
  std::vector<std::string> files;
};

struct RunFolderOptions {
  /// Empty: `default_name` in the current folder, or default_name-2, -3, …: the one that holds this
  /// run, else the first that does not exist.
  std::string wanted;
  std::string default_name;
  /// Removes what another run, or this one if it was finished, has left.
  bool overwrite = false;
  /// This process's part, which shares the folder with the other parts of the run; 0 of 1 is the
  /// whole run.
  std::uint64_t part = 0;
  std::uint64_t parts = 1;
};

/// The folder that a run writes into. While the object lives, no other run can write there. The
/// owner of a file is recorded: results.json lists the files of a finished run, and shards/run.json
/// those of an unfinished one, before it writes any. A file that neither lists is not normscope's,
/// and is never replaced or removed. A folder holds
///   - a finished run, if it has results.json and report.html;
///   - an unfinished run, if it has shards/run.json: its finished shards stay, and it resumes;
///   - nothing of ours.
/// A run that is overwritten loses results.json first, so that it is never taken for finished.
class RunFolder {
 public:
  /// Claims the folder for the run, or finds that it is finished. Throws Error, having changed
  /// nothing, if the folder is in use, holds another run, or holds somebody else's file under a
  /// name that the run would write.
  RunFolder(const RunFolderOptions& options, const RunClaim& run);
  /// Removes what it created, if a whole run has not finished one shard or written one file.
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path shards() const;
  /// Whether the folder holds the very same run, finished.
  [[nodiscard]] bool holds_finished_run() const { return finished_; }

  /// Removes the finished shards, which the results have replaced.
  void remove_shards();

 private:
  void lock(const RunFolderOptions& options);
  void claim(const RunFolderOptions& options, const RunClaim& run);

  std::filesystem::path path_;
  std::vector<std::string> files_;
  bool made_ = false;
  bool finished_ = false;
  bool whole_run_ = true;
  std::optional<FolderLock> part_lock_;
  std::optional<FolderLock> lock_;
};

/// Whether a folder holds a finished run with its page. Throws Error if its results.json is not
/// what this version writes.
bool holds_finished_run(const std::filesystem::path& folder);

/// The place of the finished shards in a run's folder until the run is complete.
std::filesystem::path shards_folder(const std::filesystem::path& folder);

/// The identity of the unfinished run whose shards a folder holds. Throws Error if there is none.
Identity read_identity(const std::filesystem::path& shards);

/// The first difference between a stored run and the wanted one: "whose --seed is 0, not 1".
std::string difference(const Identity& stored, const Identity& wanted);

/// Creates a folder if there is none yet; returns whether it did. Throws Error if it cannot be
/// written into.
bool make_writable_folder(const std::filesystem::path& folder);

/// `name` in the current folder, or name-2, name-3, …: the first that does not exist.
std::filesystem::path fresh_path(const std::string& name);

}  // namespace normscope
