#pragma once

#include <cstddef>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "normscope/report.h"

namespace normscope {

/// Results of made-up sentences: a norm each against the length in tokens.
struct SampleReport {
  explicit SampleReport(std::size_t sentences);
  /// Studies `norms` again.
  void study_again(StudyOptions options = {});

  [[nodiscard]] const Relation& relation() const {
    return results.study.relations.front().relation;
  }

  std::vector<double> lengths;
  std::vector<double> norms;
  Results results;
};

/// results.json, and the report on it and on the measurements.parquet that the folder holds.
std::vector<std::string> write_report(const std::filesystem::path& folder, const Results& results,
                                      const std::stop_token& stop = {});

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
