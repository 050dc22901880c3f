#include "experiment/run_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/atomic_file.h"
#include "base/file_lock.h"
#include "base/json_fields.h"
#include "normscope/error.h"
#include "normscope/report.h"
#include "normscope/results.h"
#include "results/run_files.h"

namespace normscope {
namespace {

namespace fs = std::filesystem;

constexpr const char* kClaimFile = "run.json";
constexpr const char* kClaimLockFile = ".normscope.claim.lock";

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

/// shards/run.json
struct Unfinished {
  Identity identity;
  std::vector<std::string> files;
  /// Files of the run that is being overwritten, unless they are known to be gone.
  std::vector<std::string> leftover;
};

template <class Fields>
void describe(Fields& fields, Of<Unfinished> auto& run) {
  fields("files", run.files);
  fields("identity", run.identity);
  fields("leftover", run.leftover);
}

/// What results.json says about its folder.
struct Finished {
  Identity identity;
  std::vector<std::string> files;
};

void keep_run_files(std::vector<std::string>& names) {
  std::erase_if(names, [](const std::string& name) { return !is_run_file(name); });
}

/// Calls `read`; its error then says what to do about a file that is damaged or somebody else's.
template <typename Read>
auto with_advice(const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(error.file(), error.place(),
                error.reason() + "; choose another folder, or remove the file");
  }
}

std::optional<Unfinished> read_unfinished(const fs::path& shards) {
  const fs::path path = shards / kClaimFile;
  if (!is_there(path)) return std::nullopt;
  auto run = with_advice([&] { return read_json<Unfinished>(path); });
  keep_run_files(run.files);
  keep_run_files(run.leftover);
  return run;
}

void write_unfinished(const fs::path& shards, const Unfinished& run) {
  write_atomically(shards / kClaimFile, json_text(run, 2) + "\n");
}

std::optional<Finished> read_finished(const fs::path& folder) {
  if (!is_there(folder / kResultsFile)) return std::nullopt;
  Manifest manifest = with_advice([&] { return read_manifest(folder); });
  keep_run_files(manifest.files);
  return Finished{.identity = std::move(manifest.identity), .files = std::move(manifest.files)};
}

std::string_view entry(const Identity& identity, const std::string& name) {
  const auto found = identity.find(name);
  return found == identity.end() ? std::string_view("nothing") : found->second;
}

bool is_shard_file(std::string_view name) {
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  const std::string_view extension = name.substr(digits);
  return digits >= 8 && (extension == ".parquet" || extension == ".vectors");
}

/// The name of the file that is written under the temporary name `aside`; empty for other names.
std::string written_as(std::string_view aside) {
  constexpr std::string_view kPartial = ".partial";
  const std::size_t partial = aside.rfind(kPartial);
  if (!aside.starts_with('.') || partial == std::string_view::npos) return {};
  const std::size_t process = aside.rfind('.', partial - 1);
  if (process == 0 || process == std::string_view::npos) return {};
  return std::string(aside.substr(1, process - 1)).append(aside.substr(partial + kPartial.size()));
}

void remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) throw Error(path, fmt::format("cannot be removed: {}", error.message()));
}

std::vector<std::string> names_of(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().filename());
  }
  return names;
}

/// Whether a killed run was writing it.
void remove_unfinished_files(const fs::path& folder, bool (*is_ours)(std::string_view)) {
  for (const std::string& name : names_of(folder)) {
    if (is_ours(written_as(name))) remove_file(folder / name);
  }
}

bool is_in_shards(std::string_view name) {
  return is_shard_file(name) || is_part_file(name) || name == kClaimFile;
}

void remove_shard_files(const fs::path& shards) {
  for (const std::string& name : names_of(shards)) {
    if (name == kClaimFile) continue;
    if (is_in_shards(name) || is_in_shards(written_as(name))) remove_file(shards / name);
  }
}

/// Whether it holds only files that a run was writing when it was killed.
bool holds_nothing(const fs::path& shards) {
  return std::ranges::all_of(
      names_of(shards), [](const std::string& name) { return is_in_shards(written_as(name)); });
}

bool holds_parts(const fs::path& shards) {
  return std::ranges::any_of(names_of(shards), is_part_file);
}

bool holds_finished_shards(const fs::path& shards) {
  const std::vector<std::string> names = names_of(shards);
  return std::ranges::any_of(
      names, [](const std::string& name) { return is_shard_file(name) || is_part_file(name); });
}

/// `name`, or name-2, name-3, …: the first that does not exist or that `usable` accepts.
template <typename Usable>
fs::path first_path(const std::string& name, const Usable& usable) {
  fs::path path = name;
  for (int n = 2; is_there(path) && !usable(path); ++n) path = fmt::format("{}-{}", name, n);
  return path;
}

bool is_read_once(const Identity& identity) { return entry(identity, "corpus") == kReadOnce; }

bool holds(const fs::path& folder, const Identity& identity) {
  try {
    const auto finished = read_finished(folder);
    if (finished && finished->identity == identity) return !is_read_once(identity);
    const auto unfinished = read_unfinished(shards_folder(folder));
    return unfinished && unfinished->identity == identity;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string difference(const Identity& stored, const Identity& wanted) {
  Identity names = stored;
  names.insert(wanted.begin(), wanted.end());
  for (const auto& [name, unused] : names) {
    const std::string_view was = entry(stored, name);
    const std::string_view is = entry(wanted, name);
    if (was == is) continue;
    // Hashes are left out: nobody compares them by eye.
    if (name == "corpus" || name == "model") {
      return fmt::format("whose {} is another one, or has changed since", name);
    }
    return fmt::format("whose {} is {}, not {}", name, was, is);
  }
  return {};
}

fs::path fresh_path(const std::string& name) {
  return first_path(name, [](const fs::path&) { return false; });
}

fs::path shards_folder(const fs::path& folder) { return folder / "shards"; }

Identity read_identity(const fs::path& shards) {
  const std::optional<Unfinished> run = read_unfinished(shards);
  if (!run) throw Error(shards, "holds no shards of a run");
  return run->identity;
}

bool holds_finished_run(const fs::path& folder) {
  return read_finished(folder) && is_there(folder / kReportPage);
}

bool make_writable_folder(const fs::path& folder) {
  std::error_code error;
  const bool made = fs::create_directories(folder, error);
  if (error) throw Error(folder, fmt::format("cannot make the folder: {}", error.message()));
  if (!fs::is_directory(folder, error)) throw Error(folder, "is not a folder");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw Error(folder, fmt::format("cannot be written to: {}", std::strerror(errno)));
  }
  return made;
}

fs::path RunFolder::shards() const { return shards_folder(path_); }

RunFolder::RunFolder(const RunFolderOptions& options, const RunClaim& run)
    : files_(run.files), whole_run_(options.parts == 1) {
  if (!options.wanted.empty()) {
    path_ = options.wanted;
    made_ = make_writable_folder(path_);
  } else {
    // Another run may take a free name first.
    do {
      path_ = first_path(options.default_name,
                         [&](const fs::path& path) { return holds(path, run.identity); });
      made_ = make_writable_folder(path_);
    } while (!made_ && !holds(path_, run.identity));
  }
  try {
    lock(options);
    claim(options, run);
  } catch (...) {
    std::error_code ignored;
    lock_.reset();
    part_lock_.reset();
    if (made_) fs::remove(path_, ignored);
    throw;
  }
}

void RunFolder::lock(const RunFolderOptions& options) {
  if (whole_run_) {
    lock_.emplace(path_, lock_file(path_), FolderLock::Mode::exclusive);
    return;
  }
  part_lock_.emplace(
      path_, path_ / fmt::format(".normscope.part-{}-of-{}.lock", options.part + 1, options.parts),
      FolderLock::Mode::exclusive);
}

void RunFolder::claim(const RunFolderOptions& options, const RunClaim& run) {
  // Parts that start together look at the folder one after the other.
  const fs::path claim_lock = path_ / kClaimLockFile;
  const FileLock one_at_a_time(claim_lock);
  struct Unlink {
    const fs::path& path;
    ~Unlink() { ::unlink(path.c_str()); }
  } const unlink{claim_lock};

  const std::optional<Finished> finished = read_finished(path_);
  std::optional<Unfinished> unfinished = read_unfinished(shards());
  if (!unfinished && is_there(shards()) && !holds_nothing(shards())) {
    throw Error(shards(), "was not made by normscope; choose another folder");
  }
  std::error_code ignored;
  if (!unfinished && is_there(shards()) &&
      (fs::is_symlink(shards(), ignored) || !fs::is_directory(shards(), ignored))) {
    throw Error(shards(), "is not a folder of normscope; choose another folder");
  }
  const std::string cut = fmt::format("-of-{}.json", options.parts);
  for (const std::string& name : names_of(shards())) {
    if (whole_run_ || !is_part_file(name) || name.ends_with(cut)) continue;
    throw Error(
        shards() / name,
        fmt::format("is a part of another number than {}; choose another folder", options.parts));
  }
  const bool same_unfinished = unfinished && unfinished->identity == run.identity;
  const bool same_finished = finished && finished->identity == run.identity;
  // The page is written last; if no shards are left either, somebody has removed it.
  const bool whole = finished && (is_there(path_ / kReportPage) || !unfinished);
  if (same_finished && whole && !options.overwrite) {
    if (is_read_once(run.identity)) {
      throw Error(path_,
                  "holds a finished run of a corpus that can be read only once, which may "
                  "have been another; choose another folder, or overwrite it");
    }
    // Parts may be needed for a merge elsewhere.
    if (same_unfinished && whole_run_ && !holds_parts(shards())) remove_shards();
    finished_ = true;
    return;
  }
  if (!options.overwrite) {
    if (finished && !same_finished) {
      throw Error(
          path_,
          fmt::format("holds another run, finished, {}; choose another folder, or overwrite it",
                      difference(finished->identity, run.identity)));
    }
    if (unfinished && !same_unfinished) {
      throw Error(path_, fmt::format("holds another run, unfinished, {}; finish it with its own "
                                     "command, choose another folder, or overwrite it",
                                     difference(unfinished->identity, run.identity)));
    }
  }

  std::set<std::string> ours;
  const auto own = [&](const std::vector<std::string>& names) {
    ours.insert(names.begin(), names.end());
  };
  if (finished) own(finished->files);
  if (unfinished) {
    own(unfinished->files);
    own(unfinished->leftover);
  }
  for (const std::string& name : run.files) {
    if (!ours.contains(name) && is_there(path_ / name)) {
      throw Error(path_ / name,
                  "is there already, and normscope did not write it; choose another folder, or "
                  "move the file");
    }
  }

  // A run that resumes keeps the files that it has written so far; it will write them again.
  const bool replaces = finished || (unfinished && !same_unfinished);
  std::optional<FolderLock> alone;
  if (!whole_run_ && replaces) {
    alone.emplace(path_, lock_file(path_), FolderLock::Mode::exclusive);
  }
  Unfinished mine{.identity = run.identity, .files = run.files, .leftover = {}};
  if (same_unfinished && !replaces) mine.leftover = unfinished->leftover;
  if (replaces) mine.leftover.assign(ours.begin(), ours.end());
  const bool other_input = options.overwrite && is_read_once(run.identity);
  if (unfinished && (!same_unfinished || other_input)) remove_shard_files(shards());
  fs::create_directories(shards(), ignored);
  write_unfinished(shards(), mine);
  if (whole_run_) {
    remove_unfinished_files(path_, is_run_file);
    remove_unfinished_files(shards(), is_in_shards);
  }
  if (!mine.leftover.empty()) {
    remove_file(path_ / kResultsFile);
    for (const std::string& name : mine.leftover) remove_file(path_ / name);
    mine.leftover.clear();
    write_unfinished(shards(), mine);
  }
  if (whole_run_) return;
  alone.reset();
  lock_.emplace(path_, lock_file(path_), FolderLock::Mode::shared);
}

void RunFolder::remove_shards() {
  remove_shard_files(shards());
  remove_file(shards() / kClaimFile);
  std::error_code ignored;
  // Only if it is empty: somebody else's file stays.
  fs::remove(shards(), ignored);
}

RunFolder::~RunFolder() {
  std::error_code ignored;
  const auto is_written = [&](const std::string& name) { return is_there(path_ / name); };
  // Other parts may be about to write their first shard, and files that were written need their
  // claim.
  if (whole_run_ && !finished_ && is_there(shards() / kClaimFile) &&
      !holds_finished_shards(shards()) && std::ranges::none_of(files_, is_written)) {
    try {
      remove_shards();
    } catch (const Error&) {
      // A file that cannot be removed stays; the next run will say so.
    }
  }
  lock_.reset();
  part_lock_.reset();
  // Only if it is empty: files that were written whole stay.
  if (made_) fs::remove(path_, ignored);
}

}  // namespace normscope
