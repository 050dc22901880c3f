#pragma once

#include <filesystem>
#include <string>

namespace normscope::cli {

/// The folder that a run writes into; it exists and is writable from the start, so that hours of
/// work do not end in an error. A folder that was made for a run that fails is taken away again.
class OutputFolder {
 public:
  /// `wanted`, or where it is empty a fresh folder in the current one named after model and corpus.
  /// Throws Error.
  OutputFolder(const std::string& wanted, const std::string& model, const std::string& corpus);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The run has succeeded.
  void keep() { made_ = false; }

 private:
  std::filesystem::path path_;
  bool made_ = false;
};

}  // namespace normscope::cli
