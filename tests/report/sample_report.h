#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "normscope/report.h"

namespace normscope {

/// A report on made-up sentences, with the data that it points to.
struct SampleReport {
  explicit SampleReport(std::size_t sentences);
  SampleReport(const SampleReport&) = delete;
  SampleReport& operator=(const SampleReport&) = delete;

  std::vector<double> lengths;
  std::vector<double> norms;
  Report report;
};

/// A fresh folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Names of what is in it, hidden files too, sorted.
  [[nodiscard]] std::vector<std::string> files() const;

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::filesystem::path& path);

}  // namespace normscope
