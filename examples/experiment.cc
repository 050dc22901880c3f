// experiment MODEL CORPUS FOLDER: what `normscope run --model MODEL --corpus CORPUS --out FOLDER`
// does, to the same bytes.
#include <normscope/normscope.h>

#include <iostream>
#include <stdexcept>
#include <string>

int main(int argc, char** argv) try {
  if (argc != 4) throw std::invalid_argument("usage: experiment MODEL CORPUS FOLDER");
  normscope::ExperimentOptions options;
  options.model = normscope::resolve_model(argv[1]);
  options.corpus = normscope::resolve_corpus(argv[2]);
  options.folder = argv[3];

  const normscope::ExperimentListener listener{
      .progress =
          [](const normscope::StageProgress& now) {
            if (now.stage == normscope::Stage::measuring) std::cerr << now.done << " sentences\r";
          },
      .notice = [](const std::string& line) { std::cerr << line << "\n"; }};
  const normscope::Experiment done = normscope::run_experiment(options, listener);

  if (done.results) std::cout << done.results->study.conclusion.text << "\n";
  std::cout << (done.folder / normscope::kReportPage).string() << "\n";
} catch (const std::exception& error) {
  std::cerr << "experiment: " << error.what() << "\n";
  return 1;
}
