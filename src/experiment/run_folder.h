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

/// What a run is, and the files that it may write.
struct RunClaim {
  Identity identity;
  std::vector<std::string> files;
};

struct RunFolderOptions {
  /// Empty: `default_name` in the current folder, or default_name-2, -3, …: the one that holds this
  /// run, else the first that is not there.
  std::string wanted;
  std::string default_name;
  /// Removes what another run, or this one when it was finished, has left.
  bool overwrite = false;
  /// Shares the folder with the other parts of the run; 0 of 1 is the whole run.
  std::uint64_t part = 0;
  std::uint64_t parts = 1;
};

/// The folder that a run writes into. While it lives, no other run can write there.
///
/// Whose a file is, is written down: results.json lists the files of a finished run, and
/// shards/run.json those of an unfinished one, before it writes any. A file that neither lists is
/// not normscope's, and is never replaced or removed. A folder holds
///   - a finished run, where results.json and report.html are there;
///   - an unfinished run, where shards/run.json is there: the shards that are finished stay, and
///   the
///     same run goes on;
///   - nothing of ours.
/// A run that is overwritten loses results.json first, so that it is never taken for finished.
class RunFolder {
 public:
  /// Claims the folder for the run, or finds that it is finished. Throws Error if the folder is
  /// in use, holds another run, or holds a foreign file of a name that the run would write, and has
  /// then changed nothing.
  RunFolder(const RunFolderOptions& options, const RunClaim& run);
  /// Takes away what it made, where a whole run has not finished one shard or written one file.
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path shards() const;
  /// Whether the very same run is there, finished.
  [[nodiscard]] bool holds_finished_run() const { return finished_; }

  /// Removes the finished shards, which the results have taken the place of.
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

/// Where in a run's folder its finished shards lie until it is whole.
std::filesystem::path shards_folder(const std::filesystem::path& folder);

/// The identity of the unfinished run whose shards a folder holds. Throws Error if there is
/// none.
Identity read_identity(const std::filesystem::path& shards);

/// What a stored run differs in first from the one that is wanted: "whose --seed is 0, not 1".
std::string difference(const Identity& stored, const Identity& wanted);

/// Makes a folder where there is none yet; whether it did. Throws Error if it cannot be written
/// into.
bool make_writable_folder(const std::filesystem::path& folder);

/// `name` in the current folder, or name-2, name-3, …: the first that is not there.
std::filesystem::path fresh_path(const std::string& name);

}  // namespace normscope
