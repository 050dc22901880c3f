#include "sample_report.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

#include "report/question.h"

namespace normscope {

SampleReport::SampleReport(std::size_t sentences) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; i < sentences; ++i) {
    const double length = std::clamp(std::round(std::exp(2.9 + 0.7 * normal(random))), 1.0, 79.0);
    const double norm = 14 + 0.02 * length + 6 / std::sqrt(length) * normal(random);
    lengths.push_back(length);
    norms.push_back(norm);
  }
  results.manifest.model.name = "a-model";
  results.manifest.model.config.layers = 6;
  results.manifest.corpus.name = "a-corpus";
  results.manifest.statistics = {{.point = {.layer = 6}}};
  results.manifest.properties = {"tokens"};
  results.question = question(results.manifest);
  study_again();
}

void SampleReport::study_again(StudyOptions options) {
  StudyInput input;
  input.statistics = {{.column = results.manifest.statistics.front(), .values = norms}};
  input.properties = {{.name = "tokens", .values = lengths}};
  options.words = question_words(results.manifest);
  options.relation.resamples = 100;
  results.study = study(input, options);
}

std::vector<std::string> write_report(const std::filesystem::path& folder, const Results& results,
                                      const std::stop_token& stop) {
  write_results(folder, results);
  return render_report(folder, Style::notebook, stop);
}

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "normscope-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> TemporaryFolder::files() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace normscope
